#include "twohop/towers/internal/checked_file.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop::towers_internal {
namespace {

constexpr FileFormat kOld{.magic = "test\n", .version = 1};
constexpr FileFormat kNew{.magic = "test\n", .version = 2};

class CheckedFileTest : public testing::Test {
 protected:
  TempDir dir_;
  std::filesystem::path path_ = dir_.path() / "file.bin";
};

TEST_F(CheckedFileTest, ThePayloadComesBack) {
  ASSERT_THAT(WriteCheckedFile(path_, kOld, std::string_view("a\0b", 3)), IsOk());
  ASSERT_OK_AND_ASSIGN(const std::string payload, ReadCheckedFile(path_, kOld));
  EXPECT_EQ(payload, std::string_view("a\0b", 3));
}

TEST_F(CheckedFileTest, AnEmptyPayloadIsFine) {
  ASSERT_THAT(WriteCheckedFile(path_, kOld, ""), IsOk());
  ASSERT_OK_AND_ASSIGN(const std::string payload, ReadCheckedFile(path_, kOld));
  EXPECT_EQ(payload, "");
}

TEST_F(CheckedFileTest, AnOlderVersionIsRead) {
  ASSERT_THAT(WriteCheckedFile(path_, kOld, "x"), IsOk());
  EXPECT_THAT(ReadCheckedFile(path_, kNew), IsOk());
}

TEST_F(CheckedFileTest, ANewerVersionIsUnimplemented) {
  ASSERT_THAT(WriteCheckedFile(path_, kNew, "x"), IsOk());
  EXPECT_THAT(ReadCheckedFile(path_, kOld), FailsWith(ErrorCode::kUnimplemented, "version 2"));
}

}  // namespace
}  // namespace twohop::towers_internal
