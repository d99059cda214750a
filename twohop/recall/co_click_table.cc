#include "twohop/recall/co_click_table.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/binary.h"

namespace twohop {
namespace {

constexpr std::string_view kMagic = "twohop co-clicks";
constexpr std::uint64_t kVersion = 1;

Result<std::vector<Neighbor>> ReadRow(BinaryReader& in, std::size_t items) {
  std::vector<Neighbor> row;
  for (std::size_t i = in.Count(); i > 0 && !in.failed(); --i) {
    const std::uint64_t item = in.Unsigned();
    const float score = in.Float();
    if (in.failed()) break;  // Finish() will say so.
    // Written so that NaN fails it.
    if (item >= items || !(score > 0.0F && score <= 1.0F)) {
      return DataLoss(fmt::format("co-clicks: item {} with score {}", item, score));
    }
    row.push_back({ItemIndex(static_cast<std::uint32_t>(item)), score});
  }
  return row;
}

}  // namespace

void CoClickTable::Append(std::span<const Neighbor> row) {
  neighbors_.insert(neighbors_.end(), row.begin(), row.end());
  ends_.push_back(neighbors_.size());
}

std::string EncodeCoClicks(const CoClickTable& table) {
  BinaryWriter out;
  out.Bytes(kMagic);
  out.Unsigned(kVersion);
  out.Unsigned(table.rows());
  for (std::uint32_t i = 0; i < table.rows(); ++i) {
    const auto row = table.of(ItemIndex(i));
    out.Unsigned(row.size());
    for (const Neighbor& neighbor : row) {
      out.Unsigned(neighbor.item.value());
      out.Float(neighbor.score);
    }
  }
  return std::move(out).str();
}

Result<CoClickTable> DecodeCoClicks(std::string_view bytes, std::size_t items) {
  BinaryReader in(bytes);
  if (in.Bytes() != kMagic) return DataLoss("not a table of co-clicks");
  const std::uint64_t version = in.Unsigned();
  if (version > kVersion) {
    return Unimplemented(
        fmt::format("co-clicks of version {}; this build reads version {}", version, kVersion));
  }
  CoClickTable table;
  for (std::size_t i = in.Count(); i > 0 && !in.failed(); --i) {
    TWOHOP_ASSIGN_OR_RETURN(const std::vector<Neighbor> row, ReadRow(in, items));
    table.Append(row);
  }
  if (const Status whole = in.Finish(); !whole.has_value()) {
    return DataLoss("co-clicks: " + whole.error().message());
  }
  if (table.rows() != 0 && table.rows() != items) {
    return DataLoss(fmt::format("co-clicks: {} rows instead of {}", table.rows(), items));
  }
  return table;
}

}  // namespace twohop
