// Everything that serving needs, under one version.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/ann/cell_index.h"
#include "twohop/ann/exact_index.h"
#include "twohop/base/clock.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/recall/co_click_table.h"
#include "twohop/recall/user_encoder.h"

namespace twohop {

// Shapes: C categories of the taxonomy, N items of the catalogue, T components of a text vector, D
// components of a tower's output.

// Of the folder that WriteBundle writes. Another one is written whenever a part is added or changes
// its form; bundles of an older one are refused.
inline constexpr std::int64_t kBundleFormat = 2;

// Items that are not available lie in this partition of the index: excluding it leaves them out of
// a search without a filter.
inline constexpr Level1Index kUnavailablePartition{0xFFFFFFFFU};

// Taxonomy, items, model, item vectors and index that belong together. Immutable: to change any of
// it, write the next bundle and publish it in a Snapshot.
//
// Thread-safe: every method is const.
class Bundle {
 public:
  // A fingerprint of the content: equal parts give the same version, whenever they are written.
  const std::string& version() const { return version_; }
  TimePoint created() const { return created_; }
  // Which text encoder made the category vectors: "all-MiniLM-L6-v2". Latent interests must come
  // from the same one.
  const std::string& text_encoder() const { return text_encoder_; }

  const Catalog& catalog() const { return *catalog_; }
  const std::shared_ptr<const Catalog>& shared_catalog() const { return catalog_; }
  // float32 [C, T], row i of CategoryIndex(i), every row of L2 norm 1.
  EmbeddingsView category_vectors() const { return category_vectors_; }
  // float32 [N, D], row i of ItemIndex(i).
  EmbeddingsView item_vectors() const { return index_->vectors(); }
  // Partitioned by level-1 category; see kUnavailablePartition. Large partitions are searched by
  // cells where that pays.
  const AnnIndex& index() const { return *index_; }
  const UserEncoder& user_encoder() const { return *user_encoder_; }
  // Most popular first; may leave items out.
  std::span<const ItemIndex> popularity() const { return popularity_; }
  // Newest first; may leave items out.
  std::span<const ItemIndex> newest() const { return newest_; }
  const CoClickTable& co_clicks() const { return co_clicks_; }

  // Over category_vectors(), partitioned by level-1 category. ItemIndex(i) stands for
  // CategoryIndex(i).
  const AnnIndex& category_index() const { return *category_index_; }
  // The available items of a category, most popular first.
  std::span<const ItemIndex> items_of(CategoryIndex category) const {
    return items_of_[category.value()];
  }

 private:
  friend class BundleReader;
  Bundle() = default;

  std::string version_;
  TimePoint created_;
  std::string text_encoder_;
  std::shared_ptr<const Catalog> catalog_;
  Embeddings category_vectors_;
  std::unique_ptr<const CellIndex> index_;
  std::unique_ptr<const UserEncoder> user_encoder_;
  std::vector<ItemIndex> popularity_;
  std::vector<ItemIndex> newest_;
  CoClickTable co_clicks_;
  // Made from the parts when they are read.
  std::unique_ptr<const ExactIndex> category_index_;
  std::vector<std::vector<ItemIndex>> items_of_;  // By category.
};

// What a bundle is made from. Borrows: used during the call of WriteBundle alone.
struct BundleParts {
  std::shared_ptr<const Catalog> catalog;
  EmbeddingsView category_vectors;    // [C, T]
  std::string text_encoder;           // What made them; not empty.
  EmbeddingsView item_vectors;        // [N, D]: TwoTower::EmbedItems().
  std::filesystem::path model_dir;    // As twohop-train wrote it; copied, plain files only.
  std::vector<ItemIndex> popularity;  // Most popular first, each at most once.
  std::vector<ItemIndex> newest{};    // Newest first, each at most once.
  CoClickTable co_clicks{};           // With a row for each item, or without any.
  TimePoint created;
};

struct WriteBundleOptions {
  // Versions that are kept: the new one and those before it, to go back to. At least 1.
  std::size_t keep = 3;
};

// Builds the index, writes `bundles_dir`/<version>, makes it the current bundle and removes the
// oldest ones. Returns the version. A crash at any moment leaves the old bundle current or the new
// one, each whole: files and manifest are on disk before the folder gets its name, and the folder
// before CURRENT names it. A bundle of this version that is there already and whole is kept.
//
// One writer per folder at a time.
//
// Errors: kInvalidArgument if the parts do not fit together, naming the part; kNotFound if there is
// no model; kResourceExhausted if the disk is full; kUnavailable for any other failure of the disk.
Result<std::string> WriteBundle(const BundleParts& parts, const std::filesystem::path& bundles_dir,
                                const WriteBundleOptions& options = {});

// Reads one bundle. Every file is compared with the manifest's sizes and checksums first.
//
// Errors: kNotFound if the folder or its manifest is not there; kDataLoss if a file is missing,
// damaged or of another size, or the manifest is damaged, naming the file; kUnimplemented if a
// newer version wrote it; kFailedPrecondition if an older one did; those of `loader`.
Result<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& dir,
                                                 const UserEncoderLoader& loader);
// With LoadTwoTowerEncoder.
Result<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& dir);

// The version that CURRENT names. Cheap enough to ask every second for a new one.
//
// Errors: kNotFound if no bundle was written yet; kDataLoss if CURRENT is damaged.
Result<std::string> CurrentBundleVersion(const std::filesystem::path& bundles_dir);

// The bundle that CURRENT names.
//
// Errors: those of CurrentBundleVersion and LoadBundle.
Result<std::shared_ptr<const Bundle>> LoadCurrentBundle(const std::filesystem::path& bundles_dir,
                                                        const UserEncoderLoader& loader);
// With LoadTwoTowerEncoder.
Result<std::shared_ptr<const Bundle>> LoadCurrentBundle(const std::filesystem::path& bundles_dir);

// All items by descending number of clicks, ties by ascending item: `clicks[i]` counts
// ItemIndex(i).
std::vector<ItemIndex> RankByClicks(std::span<const std::uint64_t> clicks);

// The items that have a time by descending time, ties by ascending item: `first_seen[i]` is when
// ItemIndex(i) was seen first.
std::vector<ItemIndex> RankByNewness(std::span<const std::optional<TimePoint>> first_seen);

}  // namespace twohop
