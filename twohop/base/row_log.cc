#include "twohop/base/row_log.h"

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

struct WholeRows {
  std::size_t bytes = 0;       // Of the file; what follows is half a row.
  bool lacks_newline = false;  // After the last whole row.
};

Status VisitRow(std::string_view line, const RowLog::Visit& visit) {
  TWOHOP_ASSIGN_OR_RETURN(const Json row, ParseJson(line));
  if (!row.is_object()) return InvalidArgument("the line is not a JSON object");
  return visit(row);
}

template <typename T>
Result<T> AtLine(const std::filesystem::path& path, std::uint64_t line, Result<T> result) {
  if (result.has_value()) return result;
  return InvalidArgument(fmt::format("{}:{}: {}", path.string(), line, result.error().message()));
}

// The last line lacks its newline: a whole row that somebody wrote by hand, or the half of one.
Result<bool> IsWholeRow(std::string_view rest, const RowLog::Visit& visit) {
  if (!ParseJson(rest).has_value()) {
    if (rest.starts_with('{')) return false;
    return InvalidArgument("the line is not a JSON object");
  }
  TWOHOP_RETURN_IF_ERROR(VisitRow(rest, visit));
  return true;
}

Result<WholeRows> VisitRows(const std::filesystem::path& path, std::string_view content,
                            const RowLog::Visit& visit) {
  WholeRows whole;
  std::uint64_t number = 0;
  while (whole.bytes < content.size()) {
    ++number;
    const std::string_view left = content.substr(whole.bytes);
    const std::size_t end = left.find('\n');
    if (end == std::string_view::npos) {
      TWOHOP_ASSIGN_OR_RETURN(const bool is_whole, AtLine(path, number, IsWholeRow(left, visit)));
      if (is_whole) whole = {.bytes = content.size(), .lacks_newline = true};
      return whole;
    }
    if (!Trim(left.substr(0, end)).empty()) {
      TWOHOP_RETURN_IF_ERROR(AtLine(path, number, VisitRow(left.substr(0, end), visit)));
    }
    whole.bytes += end + 1;
  }
  return whole;
}

Result<int> OpenForWriting(const std::filesystem::path& path) {
  if (path.has_parent_path()) TWOHOP_RETURN_IF_ERROR(MakeDirectories(path.parent_path()));
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return ErrnoError(fmt::format("cannot open {}", path.string()), errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  const int reason = errno;
  ::close(fd);
  if (reason != EWOULDBLOCK)
    return ErrnoError(fmt::format("cannot lock {}", path.string()), reason);
  return FailedPrecondition(fmt::format("{} is being written by another process", path.string()));
}

}  // namespace

Result<std::unique_ptr<RowLog>> RowLog::Open(const std::filesystem::path& path, OpenMode mode,
                                             const Visit& visit) {
  int fd = -1;
  if (mode == OpenMode::kReadWrite) {
    TWOHOP_ASSIGN_OR_RETURN(fd, OpenForWriting(path));
  }
  std::unique_ptr<RowLog> log(new RowLog(path, fd));  // Closes the file from here on.
  const Result<std::string> content = ReadFile(path);
  if (!content.has_value()) {
    if (content.error().code() == ErrorCode::kNotFound) return log;
    return tl::unexpected<Error>(content.error());
  }
  TWOHOP_ASSIGN_OR_RETURN(const WholeRows whole, VisitRows(path, *content, visit));
  if (mode == OpenMode::kReadOnly) return log;
  if (whole.bytes < content->size() && ::ftruncate(fd, static_cast<off_t>(whole.bytes)) != 0) {
    return ErrnoError(fmt::format("cannot cut {}", path.string()), errno);
  }
  if (whole.lacks_newline) {
    MutexLock lock(log->mutex_);
    TWOHOP_RETURN_IF_ERROR(log->AppendBytes("\n"));
  }
  return log;
}

RowLog::~RowLog() {
  if (fd_ >= 0) ::close(fd_);
}

Status RowLog::Append(const Json& row) {
  TWOHOP_CHECK(fd_ >= 0);
  MutexLock lock(mutex_);
  return AppendBytes(DumpJson(row) + "\n");
}

Status RowLog::AppendBytes(std::string_view bytes) {
  struct stat before {};
  if (::fstat(fd_, &before) != 0) {
    return ErrnoError(fmt::format("cannot stat {}", path_.string()), errno);
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      // If this fails too, the half is cut off when the file is opened again.
      [[maybe_unused]] const int ignored = ::ftruncate(fd_, before.st_size);
      return ErrnoError(fmt::format("cannot write {}", path_.string()), reason);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd_) != 0) return ErrnoError(fmt::format("cannot sync {}", path_.string()), errno);
  return Ok();
}

}  // namespace twohop
