#include "twohop/ann/cell_index.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "twohop/ann/cell_clustering.h"
#include "twohop/ann/cell_tuning.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/quantize.h"
#include "twohop/ann/segment_search.h"
#include "twohop/base/file.h"

namespace twohop {

using ann_internal::IndexImage;

namespace {

Status CheckSamples(EmbeddingsView samples, std::size_t dim) {
  if (samples.rows() > 0 && samples.dim() != dim) {
    return InvalidArgument(
        fmt::format("sample queries have {} components, items {}", samples.dim(), dim));
  }
  for (std::size_t i = 0; i < samples.rows(); ++i) {
    if (!ann_internal::IsSearchable(samples.row(i))) {
      return InvalidArgument(fmt::format("sample query {} is not finite or too large", i));
    }
  }
  return Ok();
}

}  // namespace

Status CellIndexOptions::Validate() const {
  if (items_per_cell == 0) return InvalidArgument("items_per_cell is 0");
  if (k == 0) return InvalidArgument("k is 0");
  if (samples == 0) return InvalidArgument("samples is 0");
  if (!(wanted_recall > 0.0 && wanted_recall <= 1.0)) {
    return InvalidArgument(fmt::format("wanted_recall {} is not in (0, 1]", wanted_recall));
  }
  return Ok();
}

CellIndex::CellIndex(std::unique_ptr<const IndexImage> image) : image_(std::move(image)) {}

CellIndex::~CellIndex() = default;

Result<std::unique_ptr<CellIndex>> CellIndex::Load(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(auto image, IndexImage::Load(path));
  if (!image->is_dense()) {
    return FailedPrecondition(path.string() + ": its items are not numbered from 0 on");
  }
  return std::unique_ptr<CellIndex>(new CellIndex(std::move(image)));
}

Status CellIndex::Save(const std::filesystem::path& path) const {
  return WriteFileAtomically(path, image_->bytes());
}

std::size_t CellIndex::size() const { return image_->size(); }
std::size_t CellIndex::dim() const { return image_->dim(); }
EmbeddingsView CellIndex::vectors() const { return image_->vectors(); }
CellIndexStats CellIndex::stats() const {
  return {.cells = image_->cells().size(), .reach = image_->reach()};
}

Result<std::vector<std::vector<Neighbor>>> CellIndex::Search(EmbeddingsView queries,
                                                             const SearchOptions& options) const {
  const ann_internal::Segment segment{image_.get(), nullptr};
  return ann_internal::SearchSegments({&segment, 1}, image_->dim(), queries, options,
                                      {.by_cells = true});
}

Result<std::vector<std::vector<Neighbor>>> CellIndex::SearchExhaustively(
    EmbeddingsView queries, const SearchOptions& options) const {
  const ann_internal::Segment segment{image_.get(), nullptr};
  return ann_internal::SearchExhaustively({&segment, 1}, image_->dim(), queries, options);
}

Result<std::unique_ptr<CellIndex>> BuildCellIndex(EmbeddingsView items,
                                                  std::span<const Level1Index> partition_of_item,
                                                  const CellIndexOptions& options) {
  TWOHOP_ASSIGN_OR_RETURN(auto image,
                          ann_internal::BuildCellImage(items, partition_of_item, {}, options));
  return std::unique_ptr<CellIndex>(new CellIndex(std::move(image)));
}

namespace ann_internal {

Result<std::unique_ptr<const IndexImage>> BuildCellImage(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item,
    std::span<const std::uint32_t> ids, const CellIndexOptions& options) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_RETURN_IF_ERROR(CheckSamples(options.sample_queries, items.dim()));
  TWOHOP_RETURN_IF_ERROR(CheckItems(items, partition_of_item));
  CellClustering cells = ClusterPartitions(items, partition_of_item,
                                           {.rows_per_cell = options.items_per_cell,
                                            .min_rows = options.min_partition_items,
                                            .rounds = options.rounds,
                                            .seed = options.seed});
  if (cells.spreads.empty()) return IndexImage::Build(items, partition_of_item, {.ids = ids});
  const ImageOptions divided{.ids = ids, .cells = &cells};
  TWOHOP_ASSIGN_OR_RETURN(const auto image, IndexImage::Build(items, partition_of_item, divided));
  const auto tuning = TuneReach(*image, {.wanted_recall = options.wanted_recall,
                                         .k = options.k,
                                         .samples = options.samples,
                                         .sample_queries = options.sample_queries,
                                         .seed = options.seed});
  if (!tuning.has_value()) return IndexImage::Build(items, partition_of_item, {.ids = ids});
  cells.reach = tuning->reach;
  return IndexImage::Build(items, partition_of_item, divided);
}

}  // namespace ann_internal

}  // namespace twohop
