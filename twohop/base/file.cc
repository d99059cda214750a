#include "twohop/base/file.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twohop {
namespace {

// Closes a descriptor at the end of a scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status WriteAll(int fd, std::string_view content, const std::string& name) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoError(fmt::format("cannot write {}", name), errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return Ok();
}

Status WriteAndSync(const std::string& name, std::string_view content) {
  const FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return ErrnoError(fmt::format("cannot create {}", name), errno);
  TWOHOP_RETURN_IF_ERROR(WriteAll(file.get(), content, name));
  if (::fsync(file.get()) != 0) return ErrnoError(fmt::format("cannot sync {}", name), errno);
  return Ok();
}

// A name beside `path` that no other process or thread uses: two writers of one file must not share
// a temporary one.
std::string TemporaryName(const std::filesystem::path& path) {
  static std::atomic<std::uint64_t> next = 0;
  return fmt::format("{}.tmp{}.{}", path.string(), ::getpid(), next.fetch_add(1));
}

// What a caller who writes cannot find is a folder that ought to be there: not kNotFound.
Status ErrorOfWriting(Status status) {
  if (status.has_value() || status.error().code() != ErrorCode::kNotFound) return status;
  return Unavailable(status.error().message());
}

// Without it a rename may be lost with the machine, though both files are on disk.
void SyncFolder(const std::filesystem::path& folder) {
  const FileDescriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() >= 0) ::fsync(dir.get());
}

}  // namespace

tl::unexpected<Error> ErrnoError(std::string_view what, int errno_value) {
  std::string message = fmt::format("{}: {}", what, std::generic_category().message(errno_value));
  if (errno_value == ENOSPC || errno_value == EDQUOT) return ResourceExhausted(std::move(message));
  if (errno_value == ENOENT) return NotFound(std::move(message));
  return Unavailable(std::move(message));
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return ErrnoError(fmt::format("cannot open {}", path.string()), errno);
  std::string content;
  std::string buffer(std::size_t{1} << 16U, '\0');
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoError(fmt::format("cannot read {}", path.string()), errno);
    if (got == 0) return content;
    content.append(buffer, 0, static_cast<std::size_t>(got));
  }
}

Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  TWOHOP_RETURN_IF_ERROR(MakeDirectories(folder));
  const std::string temporary = TemporaryName(path);
  if (auto status = WriteAndSync(temporary, content); !status.has_value()) {
    ::unlink(temporary.c_str());
    return ErrorOfWriting(std::move(status));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    return ErrorOfWriting(ErrnoError(fmt::format("cannot replace {}", path.string()), reason));
  }
  SyncFolder(folder);
  return Ok();
}

Status MakeDirectories(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return Ok();
  return ErrorOfWriting(ErrnoError(fmt::format("cannot create {}", path.string()), error.value()));
}

Result<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return ErrnoError(fmt::format("cannot open {}", path.string()), errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) {
    return ErrnoError(fmt::format("cannot stat {}", path.string()), errno);
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return MappedFile(nullptr, 0);  // mmap refuses a length of 0.
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return ErrnoError(fmt::format("cannot map {}", path.string()), errno);
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace twohop
