#include "apps/twohop/import_checkpoint.h"

#include <system_error>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"

namespace twohop::app {
namespace {

Result<std::string> IdentityOf(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return ErrnoError(fmt::format("cannot open {}", file.string()), error.value());
  const auto changed = std::filesystem::last_write_time(file, error);
  return fmt::format("{} {} {}", std::filesystem::absolute(file).string(), size,
                     changed.time_since_epoch().count());
}

// A checkpoint that cannot be read counts as none.
FilePosition ReadPosition(const std::filesystem::path& file, const std::string& identity) {
  const Result<std::string> text = ReadFile(file);
  if (!text.has_value()) return {};
  const Result<Json> json = ParseJson(*text);
  if (!json.has_value() || json->value("file", "") != identity) return {};
  return {.offset = json->value("offset", std::uint64_t{0}),
          .line = json->value("line", std::uint64_t{1})};
}

}  // namespace

Result<ImportCheckpoint> ImportCheckpoint::Open(const Workspace& workspace,
                                                const std::filesystem::path& event_file) {
  ImportCheckpoint checkpoint;
  checkpoint.file_ = workspace.stamps() / "import_position.json";
  TWOHOP_ASSIGN_OR_RETURN(checkpoint.identity_, IdentityOf(event_file));
  checkpoint.position_ = ReadPosition(checkpoint.file_, checkpoint.identity_);
  return checkpoint;
}

Status ImportCheckpoint::Save(FilePosition position) {
  position_ = position;
  return WriteFileAtomically(
      file_, DumpJson({{"file", identity_}, {"offset", position.offset}, {"line", position.line}}));
}

void ImportCheckpoint::Clear() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace twohop::app
