#include "twohop/llm/private_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <sys/un.h>

#include "twohop/base/file.h"

namespace twohop::llm_internal {

namespace fs = std::filesystem;

Result<PrivateFolder> PrivateFolder::Make() {
  constexpr std::size_t kLongestName = 16;
  std::error_code ignored;
  for (const fs::path& parent : {fs::temp_directory_path(ignored), fs::path("/tmp")}) {
    std::string path = (parent / "twohop_XXXXXX").string();
    // One byte for the slash, one for the end of the string.
    if (path.size() + kLongestName + 2 > sizeof(sockaddr_un{}.sun_path)) continue;
    if (mkdtemp(path.data()) != nullptr) return PrivateFolder(path);
  }
  return ErrnoError("cannot make a folder for a socket", errno);
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace twohop::llm_internal
