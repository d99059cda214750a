#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "twohop/ann/image_layout.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/quantize.h"
#include "twohop/base/check.h"

namespace twohop::ann_internal {
namespace {

std::uint32_t CellOf(const CellClustering* cells, std::uint32_t item) {
  return cells == nullptr ? kNoItem : cells->cell_of_item[item];
}

// By partition, in it by cell, in it by item.
std::vector<std::uint32_t> RowOrder(std::span<const Level1Index> partition_of_item,
                                    const CellClustering* cells) {
  std::vector<std::uint32_t> order(partition_of_item.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (partition_of_item[a] != partition_of_item[b]) {
      return partition_of_item[a] < partition_of_item[b];
    }
    return CellOf(cells, a) < CellOf(cells, b);
  });
  return order;
}

// Items that follow each other in the image, from the start of a group on.
struct Run {
  std::uint32_t first_group = 0;
  std::span<const std::uint32_t> items;
};

struct Plan {
  std::vector<Partition> partitions;
  std::vector<Cell> cells;
  std::vector<Run> runs;
  std::uint32_t groups = 0;
};

// `order` cut where the level-1 category or the cell changes.
Plan MakePlan(std::span<const std::uint32_t> order, std::span<const Level1Index> partition_of_item,
              const CellClustering* cells) {
  Plan plan;
  for (std::size_t begin = 0; begin < order.size();) {
    const std::uint32_t level1 = partition_of_item[order[begin]].value();
    const std::uint32_t cell = CellOf(cells, order[begin]);
    std::size_t end = begin + 1;
    while (end < order.size() && partition_of_item[order[end]].value() == level1 &&
           CellOf(cells, order[end]) == cell) {
      ++end;
    }
    const auto rows = static_cast<std::uint32_t>(end - begin);
    if (plan.partitions.empty() || plan.partitions.back().level1 != level1) {
      plan.partitions.push_back({level1, plan.groups, 0, 0});
    }
    plan.partitions.back().rows += rows;
    if (cell != kNoItem) {
      TWOHOP_CHECK(cell == plan.cells.size());
      ++plan.partitions.back().cells;
      plan.cells.push_back({plan.groups, rows, cells->spreads[cell], 0});
    }
    plan.runs.push_back({plan.groups, order.subspan(begin, rows)});
    plan.groups += static_cast<std::uint32_t>(GroupsOf(rows));
    begin = end;
  }
  return plan;
}

ImageHeader MakeHeader(EmbeddingsView items, const Plan& plan, const ImageOptions& options) {
  ImageHeader header{};
  header.magic = kImageMagic;
  header.version = options.ids.empty() && plan.cells.empty() ? kPlainVersion : kImageVersion;
  header.dim = static_cast<std::uint32_t>(items.dim());
  header.items = items.rows();
  header.partitions = plan.partitions.size();
  header.groups = plan.groups;
  header.cells = static_cast<std::uint32_t>(plan.cells.size());
  header.reach = plan.cells.empty() ? 0.0F : options.cells->reach;
  header.bytes = ImageLayout(header).end;
  return header;
}

// The same image, under construction.
class ImageWriter {
 public:
  ImageWriter(char* base, const ImageHeader& header) : layout_(header), base_(base) {
    quads_ = QuadsOf(header.dim);
    codes_.resize(quads_ * kQuad);
    std::fill_n(At<std::uint32_t>(layout_.items), header.groups * kGroupRows, kNoItem);
  }

  void Write(EmbeddingsView items, const Plan& plan) {
    std::copy(plan.partitions.begin(), plan.partitions.end(), At<Partition>(layout_.partitions));
    std::copy(items.data().begin(), items.data().end(), At<float>(layout_.vectors));
    for (const Run& run : plan.runs) {
      std::size_t row = run.first_group * kGroupRows;
      for (const std::uint32_t item : run.items) {
        At<std::uint32_t>(layout_.items)[row] = item;
        WriteCodes(items.row(item), layout_.factors, layout_.codes, row++);
      }
    }
  }

  void WriteIds(std::span<const std::uint32_t> ids, std::size_t items) {
    auto* at = At<std::uint32_t>(layout_.ids);
    if (ids.empty()) {
      std::iota(at, at + items, 0U);
    } else {
      std::copy(ids.begin(), ids.end(), at);
    }
  }

  void WriteCells(std::span<const Cell> cells, EmbeddingsView centers) {
    std::copy(cells.begin(), cells.end(), At<Cell>(layout_.cells));
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      WriteCodes(centers.row(cell), layout_.center_factors, layout_.center_codes, cell);
    }
  }

 private:
  template <typename T>
  T* At(std::size_t offset) {
    return reinterpret_cast<T*>(base_ + offset);
  }

  void WriteCodes(std::span<const float> vector, std::size_t factors, std::size_t codes,
                  std::size_t row) {
    At<float>(factors)[row] = Quantize(vector, codes_);
    WriteRowCodes(codes_, At<std::int8_t>(codes), row);
  }

  ImageLayout layout_;
  char* base_;
  std::size_t quads_ = 0;
  std::vector<std::int8_t> codes_;
};

}  // namespace

Status CheckItems(EmbeddingsView items, std::span<const Level1Index> partition_of_item) {
  if (items.rows() != partition_of_item.size()) {
    return InvalidArgument(fmt::format("{} vectors but {} partitions given for them", items.rows(),
                                       partition_of_item.size()));
  }
  if (items.dim() > kMaxDim) {
    return InvalidArgument(fmt::format("{} components are more than {}", items.dim(), kMaxDim));
  }
  if (items.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    return InvalidArgument(fmt::format("{} items are too many", items.rows()));
  }
  for (std::size_t item = 0; item < items.rows(); ++item) {
    if (!IsSearchable(items.row(item))) {
      return InvalidArgument(fmt::format("the vector of item {} is not finite or too large", item));
    }
  }
  return Ok();
}

Result<std::unique_ptr<const IndexImage>> IndexImage::Build(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item,
    const ImageOptions& given) {
  TWOHOP_RETURN_IF_ERROR(CheckItems(items, partition_of_item));
  ImageOptions options = given;
  TWOHOP_CHECK(options.ids.empty() || options.ids.size() == items.rows());
  if (!options.ids.empty() && options.ids.back() + 1 == items.rows()) options.ids = {};  // Dense.
  const std::vector<std::uint32_t> order = RowOrder(partition_of_item, options.cells);
  const Plan plan = MakePlan(order, partition_of_item, options.cells);
  ImageHeader header = MakeHeader(items, plan, options);

  std::unique_ptr<IndexImage> image(new IndexImage);
  image->built_.resize(header.bytes / sizeof(CacheLine));
  char* base = image->built_.front().bytes.data();
  ImageWriter writer(base, header);
  writer.Write(items, plan);
  if (header.version != kPlainVersion) {
    writer.WriteIds(options.ids, items.rows());
    if (!plan.cells.empty()) writer.WriteCells(plan.cells, options.cells->centers);
  }
  std::memcpy(base, &header, sizeof(header));
  header.checksum = ImageChecksum({base, header.bytes});
  std::memcpy(base, &header, sizeof(header));
  image->PointInto({base, header.bytes});
  TWOHOP_RETURN_IF_ERROR(image->CheckStructure());
  return image;
}

}  // namespace twohop::ann_internal
