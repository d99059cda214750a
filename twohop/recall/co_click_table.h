// For each item, the items that the same users clicked.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

// Rows of neighbours by item, compact. A table without rows is one where nobody clicked anything.
//
// Thread-compatible.
class CoClickTable {
 public:
  // The neighbours of the item after those that have a row already: best first, each once, another
  // item than this one, scores in (0, 1].
  void Append(std::span<const Neighbor> row);

  // Best first; empty for an item without neighbours or without a row.
  std::span<const Neighbor> of(ItemIndex item) const {
    if (item.value() >= rows()) return {};
    const std::size_t begin = ends_[item.value()];
    return std::span(neighbors_).subspan(begin, ends_[item.value() + 1] - begin);
  }

  std::size_t rows() const { return ends_.size() - 1; }
  std::size_t size() const { return neighbors_.size(); }  // Of all rows together.

  friend bool operator==(const CoClickTable&, const CoClickTable&) = default;

 private:
  std::vector<std::size_t> ends_ = {0};  // Row i is [ends_[i], ends_[i + 1]).
  std::vector<Neighbor> neighbors_;
};

// A record of BinaryWriter: "twohop co-clicks", version 1; a count of rows, then each row: a count,
// and as many times item (unsigned) and score (float).
std::string EncodeCoClicks(const CoClickTable& table);

// Errors: kDataLoss if the bytes are damaged or name an item outside [0, items), or the rows are
// neither none nor `items`; kUnimplemented if a newer version wrote them.
Result<CoClickTable> DecodeCoClicks(std::string_view bytes, std::size_t items);

}  // namespace twohop
