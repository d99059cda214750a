#include "twohop/ann/exact_index.h"

#include <utility>

#include "twohop/ann/exact_search.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/int8_kernels.h"
#include "twohop/base/file.h"

namespace twohop {

using ann_internal::IndexImage;

ExactIndex::ExactIndex(std::unique_ptr<const IndexImage> image) : image_(std::move(image)) {}

ExactIndex::~ExactIndex() = default;

Result<std::unique_ptr<ExactIndex>> ExactIndex::Load(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(auto image, IndexImage::Load(path));
  if (!image->is_dense()) {
    return FailedPrecondition(path.string() + ": its items are not numbered from 0 on");
  }
  return std::unique_ptr<ExactIndex>(new ExactIndex(std::move(image)));
}

Status ExactIndex::Save(const std::filesystem::path& path) const {
  return WriteFileAtomically(path, image_->bytes());
}

std::size_t ExactIndex::size() const { return image_->size(); }
std::size_t ExactIndex::dim() const { return image_->dim(); }
EmbeddingsView ExactIndex::vectors() const { return image_->vectors(); }

Result<std::vector<std::vector<Neighbor>>> ExactIndex::Search(EmbeddingsView queries,
                                                              const SearchOptions& options) const {
  return ann_internal::SearchExact(*image_, queries, options, ann_internal::BestKernel());
}

Result<std::vector<std::vector<Neighbor>>> ExactIndex::SearchExhaustively(
    EmbeddingsView queries, const SearchOptions& options) const {
  const ann_internal::Segment segment{image_.get(), nullptr};
  return ann_internal::SearchExhaustively({&segment, 1}, image_->dim(), queries, options);
}

Result<std::unique_ptr<ExactIndex>> BuildExactIndex(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item) {
  TWOHOP_ASSIGN_OR_RETURN(auto image, IndexImage::Build(items, partition_of_item));
  return std::unique_ptr<ExactIndex>(new ExactIndex(std::move(image)));
}

}  // namespace twohop
