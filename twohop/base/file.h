// Whole files, and the one way in which we replace them.

#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop {

// Errors: kNotFound if there is no such file; kUnavailable if it cannot be read.
Result<std::string> ReadFile(const std::filesystem::path& path);

// Replaces the file in one step and makes the folder if needed: a crash leaves the old content or
// the new, never half. The content is on disk when this returns.
//
// Errors: kResourceExhausted if the disk is full; kUnavailable for any other failure.
Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Makes the folder and its parents; one that is there already is fine.
//
// Errors: kResourceExhausted if the disk is full; kUnavailable for any other failure.
Status MakeDirectories(const std::filesystem::path& path);

// A read-only file in memory, mapped rather than read.
//
// Thread-compatible; movable. The bytes are valid as long as the object lives, and must not be
// overwritten in place meanwhile (WriteFileAtomically does not).
class MappedFile {
 public:
  // Errors: kNotFound if there is no such file; kUnavailable if it cannot be mapped.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// Turns an errno into an error: ENOSPC and EDQUOT are kResourceExhausted, ENOENT is kNotFound, the
// rest kUnavailable. The message is "<what>: <reason>".
tl::unexpected<Error> ErrnoError(std::string_view what, int errno_value);

}  // namespace twohop
