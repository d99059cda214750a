#include "twohop/simulate/community_output.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }  // Finish() has seen the errors.
};

// One file under way; removed unless it was published.
class PartFile {
 public:
  PartFile() = default;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (part_.empty()) return;
    file_.reset();
    std::error_code ignored;
    fs::remove(part_, ignored);
  }

  Status Open(const fs::path& path) {
    TWOHOP_RETURN_IF_ERROR(MakeDirectories(path.parent_path()));
    final_ = path;
    const fs::path part = path.string() + ".part";
    file_.reset(std::fopen(part.c_str(), "wb"));
    if (!file_) return ErrnoError(part.string(), errno);
    part_ = part;
    return Ok();
  }

  Status Append(std::string_view rows) {
    if (std::fwrite(rows.data(), 1, rows.size(), file_.get()) == rows.size()) return Ok();
    return ErrnoError(part_.string(), errno);
  }

  Status Close() {
    if (std::fclose(file_.release()) == 0) return Ok();
    return ErrnoError(part_.string(), errno);
  }

  Status Publish() {
    std::error_code error;
    fs::rename(part_, final_, error);
    if (error) return ErrnoError(final_.string(), error.value());
    part_.clear();
    return Ok();
  }

 private:
  fs::path final_;
  fs::path part_;  // Empty when there is nothing to remove.
  std::unique_ptr<std::FILE, CloseFile> file_;
};

class FolderOutput final : public CommunityOutput {
 public:
  Status Open(const fs::path& folder, const fs::path& truth_file) {
    const std::array<fs::path, kCommunityFileCount> paths = {
        folder / "taxonomy.tsv", folder / "items.jsonl", folder / "users.jsonl",
        folder / "events.jsonl", truth_file};
    for (std::size_t i = 0; i < paths.size(); ++i) {
      TWOHOP_RETURN_IF_ERROR(files_[i].Open(paths[i]));
    }
    return Ok();
  }

  Status Append(CommunityFile file, std::string_view rows) override {
    TWOHOP_DCHECK(!finished_);
    return files_[static_cast<std::size_t>(file)].Append(rows);
  }

  // All are closed, that is written whole, before the first gets its name.
  Status Finish() override {
    TWOHOP_DCHECK(!finished_);
    finished_ = true;
    for (PartFile& file : files_) TWOHOP_RETURN_IF_ERROR(file.Close());
    for (PartFile& file : files_) TWOHOP_RETURN_IF_ERROR(file.Publish());
    return Ok();
  }

 private:
  std::array<PartFile, kCommunityFileCount> files_;
  bool finished_ = false;
};

bool IsWithin(const fs::path& folder, const fs::path& file) {
  std::error_code ignored;  // Then the relative path is empty: "not within" is as good a guess.
  const fs::path below = fs::proximate(file, folder, ignored);
  return !below.empty() && *below.begin() != "..";
}

}  // namespace

Result<std::unique_ptr<CommunityOutput>> OpenCommunityFolder(const fs::path& folder,
                                                             const fs::path& truth_file) {
  if (IsWithin(folder, truth_file)) {
    return InvalidArgument(fmt::format("{}: the truth must not lie in the community's folder {}",
                                       truth_file.string(), folder.string()));
  }
  auto output = std::make_unique<FolderOutput>();
  TWOHOP_RETURN_IF_ERROR(output->Open(folder, truth_file));
  return output;
}

}  // namespace twohop
