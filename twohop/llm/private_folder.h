// A folder for a socket. Internal to twohop/llm.

#pragma once

#include <filesystem>
#include <utility>

#include "twohop/base/result.h"

namespace twohop::llm_internal {

// A new folder that only this user may enter, removed with its content at the end of its life. Its
// path is short: a file of up to 16 bytes in it fits into the address of a unix socket.
class PrivateFolder {
 public:
  // Errors: kUnavailable or kResourceExhausted if neither the folder for temporary files nor /tmp
  // takes one.
  static Result<PrivateFolder> Make();

  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace twohop::llm_internal
