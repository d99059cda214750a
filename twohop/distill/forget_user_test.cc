#include "twohop/distill/forget_user.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

class ForgetUserTest : public testing::Test {
 protected:
  void Write(const std::string& text) { ASSERT_THAT(WriteFileAtomically(file_, text), IsOk()); }
  std::string Text() const { return *ReadFile(file_); }

  TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "traces.jsonl";
};

TEST_F(ForgetUserTest, TakesAllRowsOfTheUserAndLeavesTheOthersAsTheyAre) {
  const std::string ann = "{\"user_id\": \"ann\",  \"searches\": [\"bob\"]}\n";
  const std::string number = "{\"user_id\":7}\n";
  Write("{\"user_id\": \"bob\"}\n" + ann + "{\"user_id\": \"bob\", \"x\": 1}\n" + number);
  ASSERT_OK_AND_ASSIGN(const std::uint64_t forgotten, ForgetUserRows(file_, UserId("bob")));
  EXPECT_EQ(forgotten, 2U);
  EXPECT_EQ(Text(), ann + number);
  ASSERT_OK_AND_ASSIGN(const std::uint64_t seven, ForgetUserRows(file_, UserId("7")));
  EXPECT_EQ(seven, 1U);
  EXPECT_EQ(Text(), ann);
}

TEST_F(ForgetUserTest, AFileWithoutTheUserIsLeftAlone) {
  const std::string text = "{\"user_id\": \"ann\"}";  // No newline at the end.
  Write(text);
  ASSERT_OK_AND_ASSIGN(const std::uint64_t forgotten, ForgetUserRows(file_, UserId("bob")));
  EXPECT_EQ(forgotten, 0U);
  EXPECT_EQ(Text(), text);
}

TEST_F(ForgetUserTest, ARowOfNobodyIsAnErrorAndNothingIsChanged) {
  const std::string text = "{\"user_id\": \"bob\"}\n{\"messages\": []}\n";
  Write(text);
  EXPECT_THAT(ForgetUserRows(file_, UserId("bob")),
              FailsWith(ErrorCode::kInvalidArgument, "traces.jsonl:2: field \"user_id\""));
  EXPECT_EQ(Text(), text);
}

TEST_F(ForgetUserTest, NoSuchFileIsNotFound) {
  EXPECT_THAT(ForgetUserRows(file_, UserId("bob")), FailsWith(ErrorCode::kNotFound, ""));
}

}  // namespace
}  // namespace twohop
