#include "apps/twohop-train/gzip_file.h"

#include <array>
#include <memory>
#include <type_traits>

#include <fmt/format.h>
#include <zlib.h>

#include "twohop/base/file.h"

namespace twohop::app {
namespace {

struct GzClose {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzFile = std::unique_ptr<std::remove_pointer_t<gzFile>, GzClose>;

}  // namespace

Result<std::string> ReadPossiblyGzipped(const std::filesystem::path& path) {
  const std::filesystem::path zipped = path.string() + ".gz";
  std::error_code ignored;
  if (!std::filesystem::exists(zipped, ignored)) return ReadFile(path);
  const GzFile file(gzopen(zipped.c_str(), "rb"));
  if (file == nullptr) return Unavailable(fmt::format("cannot open {}", zipped.string()));
  std::string text;
  std::array<char, 1 << 16> buffer{};
  constexpr auto kSize = static_cast<unsigned>(sizeof(buffer));
  int count = 0;
  while ((count = gzread(file.get(), buffer.data(), kSize)) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  int error = Z_OK;
  const char* message = gzerror(file.get(), &error);
  if (count < 0 || (error != Z_OK && error != Z_STREAM_END)) {
    return DataLoss(fmt::format("{}: {}", zipped.string(), message));
  }
  return text;
}

}  // namespace twohop::app
