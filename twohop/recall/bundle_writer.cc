#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "twohop/base/binary.h"
#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/bundle_manifest.h"
#include "twohop/recall/catalog_codec.h"
#include "twohop/towers/embedding_file.h"

namespace twohop {

using namespace recall_internal;  // NOLINT: the names of the bundle's files.

namespace {

namespace fs = std::filesystem;

Status CheckRanking(std::string_view kind, std::span<const ItemIndex> items,
                    const Catalog& catalog) {
  std::vector<bool> seen(catalog.size());
  for (const ItemIndex item : items) {
    if (item.value() >= seen.size()) {
      return InvalidArgument(fmt::format("{} item {} is not in the catalogue", kind, item.value()));
    }
    if (seen[item.value()]) {
      return InvalidArgument(fmt::format("{} item {} occurs twice", kind, item.value()));
    }
    seen[item.value()] = true;
  }
  return Ok();
}

Status CheckCoClicks(const CoClickTable& table, const Catalog& catalog) {
  if (table.rows() == 0 || table.rows() == catalog.size()) return Ok();
  return InvalidArgument(
      fmt::format("co-clicks of {} items for {} items", table.rows(), catalog.size()));
}

Status CheckParts(const BundleParts& parts, const WriteBundleOptions& options) {
  if (parts.catalog == nullptr) return InvalidArgument("no catalogue");
  if (parts.text_encoder.empty()) return InvalidArgument("text_encoder is empty");
  if (options.keep == 0) return InvalidArgument("keep is 0");
  const std::size_t categories = parts.catalog->taxonomy().size();
  if (parts.category_vectors.rows() != categories) {
    return InvalidArgument(fmt::format("{} category vectors for {} categories",
                                       parts.category_vectors.rows(), categories));
  }
  if (parts.item_vectors.rows() != parts.catalog->size()) {
    return InvalidArgument(fmt::format("{} item vectors for {} items", parts.item_vectors.rows(),
                                       parts.catalog->size()));
  }
  TWOHOP_RETURN_IF_ERROR(CheckRanking("popular", parts.popularity, *parts.catalog));
  TWOHOP_RETURN_IF_ERROR(CheckRanking("new", parts.newest, *parts.catalog));
  return CheckCoClicks(parts.co_clicks, *parts.catalog);
}

std::vector<Level1Index> PartitionsOf(const Catalog& catalog) {
  std::vector<Level1Index> partitions;
  partitions.reserve(catalog.size());
  for (std::uint32_t i = 0; i < catalog.size(); ++i) {
    const ItemIndex item(i);
    partitions.push_back(catalog.at(item).available ? catalog.level1_of(item)
                                                    : kUnavailablePartition);
  }
  return partitions;
}

std::string EncodeRanking(std::span<const ItemIndex> items) {
  BinaryWriter out;
  out.Unsigned(items.size());
  for (const ItemIndex item : items) out.Unsigned(item.value());
  return std::move(out).str();
}

// Sorted, so that the version does not depend on the order of the folder.
Result<std::vector<fs::path>> ModelFiles(const fs::path& model_dir) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(model_dir, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error)) {
      return InvalidArgument(fmt::format("{} is not a plain file", it->path().string()));
    }
    files.push_back(it->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return ErrnoError(fmt::format("cannot read {}", model_dir.string()), error.value());
  }
  if (files.empty()) return NotFound(fmt::format("no model in {}", model_dir.string()));
  std::sort(files.begin(), files.end());
  return files;
}

Status RemoveAll(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return ErrnoError(fmt::format("cannot remove {}", path.string()), error.value());
  return Ok();
}

// Puts the new name of a folder on disk before anything refers to it.
Status SyncFolder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return ErrnoError(fmt::format("cannot open {}", folder.string()), errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return ErrnoError(fmt::format("cannot sync {}", folder.string()), failed);
  return Ok();
}

Status Rename(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return ErrnoError(fmt::format("cannot rename to {}", to.string()), error.value());
  return SyncFolder(to.parent_path());
}

// One bundle's folder, under a name that no reader looks at.
class BundleWriter {
 public:
  explicit BundleWriter(fs::path folder) : folder_(std::move(folder)) {}

  Result<Manifest> Write(const BundleParts& parts) {
    TWOHOP_ASSIGN_OR_RETURN(const auto model_files, ModelFiles(parts.model_dir));
    TWOHOP_ASSIGN_OR_RETURN(const auto index,
                            BuildCellIndex(parts.item_vectors, PartitionsOf(*parts.catalog)));
    TWOHOP_RETURN_IF_ERROR(RemoveAll(folder_));
    TWOHOP_RETURN_IF_ERROR(MakeDirectories(folder_ / kModelFolder));
    manifest_.created = parts.created;
    manifest_.text_encoder = parts.text_encoder;
    TWOHOP_RETURN_IF_ERROR(Add(kCatalogFile, EncodeCatalog(*parts.catalog)));
    TWOHOP_RETURN_IF_ERROR(Add(kPopularityFile, EncodeRanking(parts.popularity)));
    TWOHOP_RETURN_IF_ERROR(Add(kNewestFile, EncodeRanking(parts.newest)));
    TWOHOP_RETURN_IF_ERROR(Add(kCoClicksFile, EncodeCoClicks(parts.co_clicks)));
    TWOHOP_RETURN_IF_ERROR(SaveIndex(*index));
    TWOHOP_RETURN_IF_ERROR(SaveCategories(parts));
    TWOHOP_RETURN_IF_ERROR(CopyModel(model_files));
    // Last: without it there is no bundle. Its folder is synced with it.
    TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(folder_ / kManifestFile, EncodeManifest(manifest_)));
    return manifest_;
  }

 private:
  Status Add(std::string_view path, std::string_view content) {
    manifest_.files.push_back({std::string(path), content.size(), Hash64(content)});
    return WriteFileAtomically(folder_ / path, content);
  }

  // Lists a file that somebody else wrote into the folder.
  Status List(std::string_view path) {
    TWOHOP_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(folder_ / path));
    manifest_.files.push_back({std::string(path), file.bytes().size(), Hash64(file.bytes())});
    return Ok();
  }

  Status SaveIndex(const CellIndex& index) {
    TWOHOP_RETURN_IF_ERROR(index.Save(folder_ / kIndexFile));
    return List(kIndexFile);
  }

  Status CopyModel(std::span<const fs::path> files) {
    for (const fs::path& file : files) {
      TWOHOP_ASSIGN_OR_RETURN(const std::string content, ReadFile(file));
      TWOHOP_RETURN_IF_ERROR(Add((fs::path(kModelFolder) / file.filename()).string(), content));
    }
    return Ok();
  }

  Status SaveCategories(const BundleParts& parts) {
    EmbeddingFile file;
    file.vectors = Embeddings(parts.category_vectors.dim());
    for (std::size_t row = 0; row < parts.category_vectors.rows(); ++row) {
      file.vectors.Append(parts.category_vectors.row(row));
    }
    file.encoder = parts.text_encoder;
    file.source = parts.catalog->taxonomy().fingerprint();
    TWOHOP_RETURN_IF_ERROR(SaveEmbeddingFile(folder_ / kCategoriesFile, file));
    return List(kCategoriesFile);
  }

  fs::path folder_;
  Manifest manifest_;
};

// Gives the written folder its name, unless a whole bundle has it.
Status Publish(const fs::path& written, const fs::path& target) {
  if (VerifyBundleFiles(target).has_value()) return RemoveAll(written);
  TWOHOP_RETURN_IF_ERROR(RemoveAll(target));  // Damaged or not there.
  return Rename(written, target);
}

struct OldBundle {
  TimePoint created;  // The beginning of time if the manifest is damaged: such a one goes first.
  fs::path folder;
};

std::vector<OldBundle> BundlesBeside(const fs::path& bundles_dir, const std::string& current) {
  std::vector<OldBundle> bundles;
  std::error_code error;
  for (fs::directory_iterator it(bundles_dir, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!IsVersionName(name) || name == current) continue;
    const auto text = ReadFile(it->path() / kManifestFile);
    const auto manifest = text.has_value() ? DecodeManifest(*text) : DataLoss("");
    bundles.push_back({manifest.has_value() ? manifest->created : TimePoint(), it->path()});
  }
  return bundles;
}

// What cannot be removed now costs space alone, and the next bundle tries again.
void Prune(const fs::path& bundles_dir, const std::string& current, std::size_t keep) {
  std::vector<OldBundle> old = BundlesBeside(bundles_dir, current);
  std::sort(old.begin(), old.end(), [](const OldBundle& a, const OldBundle& b) {
    return a.created != b.created ? a.created > b.created : a.folder < b.folder;
  });
  for (std::size_t i = keep - 1; i < old.size(); ++i) {
    std::error_code ignored;
    fs::remove_all(old[i].folder, ignored);
  }
}

}  // namespace

Result<std::string> WriteBundle(const BundleParts& parts, const fs::path& bundles_dir,
                                const WriteBundleOptions& options) {
  TWOHOP_RETURN_IF_ERROR(CheckParts(parts, options));
  const fs::path writing = bundles_dir / kWritingFolder;
  TWOHOP_ASSIGN_OR_RETURN(const Manifest manifest, BundleWriter(writing).Write(parts));
  std::string version = manifest.version();
  TWOHOP_RETURN_IF_ERROR(Publish(writing, bundles_dir / version));
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(bundles_dir / kCurrentFile, version + "\n"));
  Prune(bundles_dir, version, options.keep);
  return version;
}

std::vector<ItemIndex> RankByClicks(std::span<const std::uint64_t> clicks) {
  std::vector<ItemIndex> items;
  items.reserve(clicks.size());
  for (std::uint32_t i = 0; i < clicks.size(); ++i) items.emplace_back(i);
  std::stable_sort(items.begin(), items.end(),
                   [&](ItemIndex a, ItemIndex b) { return clicks[a.value()] > clicks[b.value()]; });
  return items;
}

std::vector<ItemIndex> RankByNewness(std::span<const std::optional<TimePoint>> first_seen) {
  std::vector<ItemIndex> items;
  for (std::uint32_t i = 0; i < first_seen.size(); ++i) {
    if (first_seen[i].has_value()) items.emplace_back(i);
  }
  std::stable_sort(items.begin(), items.end(), [&](ItemIndex a, ItemIndex b) {
    return first_seen[a.value()] > first_seen[b.value()];
  });
  return items;
}

}  // namespace twohop
