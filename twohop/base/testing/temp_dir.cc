#include "twohop/base/testing/temp_dir.h"

#include <stdlib.h>

#include <fstream>
#include <string>
#include <system_error>

#include "twohop/base/check.h"

namespace twohop {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "twohop_test_XXXXXX").string();
  TWOHOP_CHECK(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TempDir::Write(std::string_view name, std::string_view content) const {
  const auto path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << content;
  TWOHOP_CHECK(out.good());
  return path;
}

}  // namespace twohop
