#include "twohop/simulate/truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kAlice =
    R"({"user":"u1","lifestyles":["x"],"bubble":["a1","a2"],"hidden":["b1"],"found":["c1"]})";

class TruthTest : public ::testing::Test {
 protected:
  Result<UserTruth> Parse(std::string_view json) const { return ParseTruth(json, taxonomy_); }

  Result<std::vector<UserTruth>> LoadLines(std::string_view content) const {
    EXPECT_THAT(WriteFileAtomically(dir_.path() / "truth.jsonl", content), IsOk());
    return LoadTruth(dir_.path() / "truth.jsonl", taxonomy_);
  }

  TempDir dir_;
  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  const Taxonomy& taxonomy_ = *blueprint_.taxonomy;
};

TEST_F(TruthTest, IdsBecomeCategories) {
  ASSERT_OK_AND_ASSIGN(const UserTruth alice, Parse(kAlice));
  EXPECT_EQ(alice.user, UserId("u1"));
  EXPECT_THAT(alice.lifestyles, ElementsAre("x"));
  EXPECT_THAT(alice.bubble, ElementsAre(CategoryIndex(0), CategoryIndex(1)));
  EXPECT_THAT(alice.hidden, ElementsAre(CategoryIndex(2)));
  EXPECT_THAT(alice.found, ElementsAre(CategoryIndex(4)));
}

TEST_F(TruthTest, AMissingFieldIsNamed) {
  EXPECT_THAT(Parse(R"({"lifestyles":[],"bubble":[],"hidden":[]})"),
              FailsWith(ErrorCode::kInvalidArgument, "\"user\""));
  EXPECT_THAT(Parse(R"({"user":"u1","lifestyles":[],"bubble":[]})"),
              FailsWith(ErrorCode::kInvalidArgument, "\"hidden\""));
}

TEST_F(TruthTest, AWrongTypeIsNamed) {
  EXPECT_THAT(Parse(R"({"user":"u1","lifestyles":[],"bubble":"a1","hidden":[]})"),
              FailsWith(ErrorCode::kInvalidArgument, "\"bubble\""));
  EXPECT_THAT(Parse("[]"), FailsWith(ErrorCode::kInvalidArgument, "object"));
}

TEST_F(TruthTest, AnUnknownCategoryIsNamed) {
  EXPECT_THAT(Parse(R"({"user":"u1","lifestyles":[],"bubble":[],"hidden":["zz"]})"),
              FailsWith(ErrorCode::kInvalidArgument, "\"hidden\" has unknown category \"zz\""));
}

TEST_F(TruthTest, AFileKeepsItsOrder) {
  ASSERT_OK_AND_ASSIGN(
      const auto truths,
      LoadLines(std::string(kAlice) +
                "\n\n{\"user\":\"u0\",\"lifestyles\":[],\"bubble\":[],\"hidden\":[]}\n"));
  ASSERT_EQ(truths.size(), 2U);
  EXPECT_EQ(truths[1].user, UserId("u0"));
  EXPECT_THAT(truths[1].found, IsEmpty());
}

TEST_F(TruthTest, ABrokenLineIsNamedByFileAndNumber) {
  EXPECT_THAT(LoadLines(std::string(kAlice) + "\n{oops\n"),
              FailsWith(ErrorCode::kInvalidArgument, "truth.jsonl:2: "));
}

TEST_F(TruthTest, AMissingFileIsNotFound) {
  EXPECT_THAT(LoadTruth(dir_.path() / "absent", taxonomy_),
              FailsWith(ErrorCode::kNotFound, "absent"));
}

}  // namespace
}  // namespace twohop
