#include <utility>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/base/file.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/bundle_manifest.h"
#include "twohop/recall/catalog_codec.h"
#include "twohop/towers/embedding_file.h"

namespace twohop {

using namespace recall_internal;  // NOLINT: the names of the bundle's files.

// Fills a bundle part by part; each needs those before it.
class BundleReader {
 public:
  explicit BundleReader(const std::filesystem::path& dir) : dir_(dir), bundle_(new Bundle) {}

  Result<std::shared_ptr<const Bundle>> Read(const UserEncoderLoader& loader) {
    TWOHOP_ASSIGN_OR_RETURN(const Manifest manifest, VerifyBundleFiles(dir_));
    bundle_->version_ = manifest.version();
    bundle_->created_ = manifest.created;
    bundle_->text_encoder_ = manifest.text_encoder;
    TWOHOP_RETURN_IF_ERROR(ReadCatalog());
    TWOHOP_RETURN_IF_ERROR(ReadCategoryVectors());
    TWOHOP_RETURN_IF_ERROR(ReadIndex());
    TWOHOP_RETURN_IF_ERROR(ReadRanking(kPopularityFile, bundle_->popularity_));
    TWOHOP_RETURN_IF_ERROR(ReadRanking(kNewestFile, bundle_->newest_));
    TWOHOP_RETURN_IF_ERROR(ReadCoClicks());
    TWOHOP_RETURN_IF_ERROR(IndexCategories());
    ListItemsOfCategories();
    TWOHOP_RETURN_IF_ERROR(ReadUserEncoder(loader));
    return std::move(bundle_);
  }

 private:
  Status ReadCatalog() {
    TWOHOP_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(dir_ / kCatalogFile));
    TWOHOP_ASSIGN_OR_RETURN(Catalog catalog, DecodeCatalog(bytes));
    bundle_->catalog_ = std::make_shared<const Catalog>(std::move(catalog));
    return Ok();
  }

  Status ReadCategoryVectors() {
    TWOHOP_ASSIGN_OR_RETURN(EmbeddingFile file, LoadEmbeddingFile(dir_ / kCategoriesFile));
    bundle_->category_vectors_ = std::move(file.vectors);
    return MustMatch("category vectors", bundle_->category_vectors_.rows(),
                     bundle_->catalog().taxonomy().size());
  }

  Status ReadIndex() {
    TWOHOP_ASSIGN_OR_RETURN(bundle_->index_, CellIndex::Load(dir_ / kIndexFile));
    return MustMatch("vectors in the index", bundle_->index_->size(), bundle_->catalog().size());
  }

  Status ReadRanking(std::string_view file, std::vector<ItemIndex>& ranking) {
    TWOHOP_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(dir_ / file));
    BinaryReader in(bytes);
    for (std::size_t i = in.Count(); i > 0 && !in.failed(); --i) {
      const std::uint64_t item = in.Unsigned();
      if (item >= bundle_->catalog().size()) {
        return DataLoss(
            fmt::format("{}: {}: item {} is not in the catalogue", dir_.string(), file, item));
      }
      ranking.emplace_back(static_cast<std::uint32_t>(item));
    }
    return in.Finish();
  }

  Status ReadCoClicks() {
    TWOHOP_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(dir_ / kCoClicksFile));
    TWOHOP_ASSIGN_OR_RETURN(bundle_->co_clicks_, DecodeCoClicks(bytes, bundle_->catalog().size()));
    return Ok();
  }

  Status IndexCategories() {
    const Taxonomy& taxonomy = bundle_->catalog().taxonomy();
    std::vector<Level1Index> partitions;
    for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
      partitions.push_back(taxonomy.level1_of(CategoryIndex(i)));
    }
    TWOHOP_ASSIGN_OR_RETURN(bundle_->category_index_,
                            BuildExactIndex(bundle_->category_vectors(), partitions));
    return Ok();
  }

  // Those that the popularity leaves out come last.
  void ListItemsOfCategories() {
    const Catalog& catalog = bundle_->catalog();
    bundle_->items_of_.resize(catalog.taxonomy().size());
    std::vector<bool> listed(catalog.size());
    const auto list = [&](ItemIndex item) {
      if (listed[item.value()] || !catalog.at(item).available) return;
      listed[item.value()] = true;
      bundle_->items_of_[catalog.at(item).category.value()].push_back(item);
    };
    for (const ItemIndex item : bundle_->popularity_) list(item);
    for (std::uint32_t i = 0; i < catalog.size(); ++i) list(ItemIndex(i));
  }

  Status ReadUserEncoder(const UserEncoderLoader& loader) {
    TWOHOP_ASSIGN_OR_RETURN(bundle_->user_encoder_,
                            loader(dir_ / kModelFolder, bundle_->catalog_,
                                   bundle_->category_vectors(), bundle_->text_encoder_));
    TWOHOP_RETURN_IF_ERROR(MustMatch("components of the model's vectors",
                                     bundle_->user_encoder_->dim(), bundle_->index_->dim()));
    return MustMatch("components of the model's conditions", bundle_->user_encoder_->text_dim(),
                     bundle_->category_vectors_.dim());
  }

  Status MustMatch(std::string_view what, std::size_t count, std::size_t expected) const {
    if (count == expected) return Ok();
    return DataLoss(fmt::format("{}: {} {} instead of {}", dir_.string(), count, what, expected));
  }

  const std::filesystem::path& dir_;
  std::shared_ptr<Bundle> bundle_;
};

Result<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& dir,
                                                 const UserEncoderLoader& loader) {
  return BundleReader(dir).Read(loader);
}

Result<std::string> CurrentBundleVersion(const std::filesystem::path& bundles_dir) {
  const auto path = bundles_dir / kCurrentFile;
  TWOHOP_ASSIGN_OR_RETURN(std::string version, ReadFile(path));
  if (version.ends_with('\n')) version.pop_back();
  if (!IsVersionName(version)) {
    return DataLoss(fmt::format("{} does not name a version", path.string()));
  }
  return version;
}

Result<std::shared_ptr<const Bundle>> LoadCurrentBundle(const std::filesystem::path& bundles_dir,
                                                        const UserEncoderLoader& loader) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string version, CurrentBundleVersion(bundles_dir));
  TWOHOP_ASSIGN_OR_RETURN(auto bundle, LoadBundle(bundles_dir / version, loader));
  if (bundle->version() != version) {
    return DataLoss(
        fmt::format("{} holds version {}", (bundles_dir / version).string(), bundle->version()));
  }
  return bundle;
}

}  // namespace twohop
