// A set of rows that is cheap to copy and change.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace twohop::ann_internal {

// A bitmap in pages that copies share: a copy takes a pointer per 32,768 rows, a change one page.
//
// Thread-compatible, also among copies: a page that was written is never changed.
class RowSet {
 public:
  RowSet() = default;
  explicit RowSet(std::size_t rows) : pages_((rows + kPageRows - 1) / kPageRows) {}

  // REQUIRES: row < rows.
  bool Contains(std::uint32_t row) const {
    const auto& page = pages_[row / kPageRows];
    return page != nullptr && ((*page)[row % kPageRows / kWordRows] >> (row % kWordRows) & 1U) != 0;
  }

  // True if it was not there. REQUIRES: row < rows.
  bool Insert(std::uint32_t row) {
    if (Contains(row)) return false;
    auto& page = pages_[row / kPageRows];
    auto next = page == nullptr ? std::make_shared<Page>() : std::make_shared<Page>(*page);
    (*next)[row % kPageRows / kWordRows] |= std::uint64_t{1} << (row % kWordRows);
    page = std::move(next);
    ++count_;
    return true;
  }

  std::size_t count() const { return count_; }

 private:
  static constexpr std::size_t kPageRows = 32'768;
  static constexpr std::size_t kWordRows = 64;
  using Page = std::array<std::uint64_t, kPageRows / kWordRows>;

  std::vector<std::shared_ptr<const Page>> pages_;  // Null: none of its rows.
  std::size_t count_ = 0;
};

}  // namespace twohop::ann_internal
