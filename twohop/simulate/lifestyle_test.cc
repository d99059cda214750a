#include "twohop/simulate/lifestyle.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop {
namespace {

using ::testing::ElementsAre;

class LifestyleTest : public ::testing::Test {
 protected:
  Json Camper() const {
    return {{"id", "camper"}, {"name", "Camper"},        {"ages", {"25-34"}},
            {"core", {"A1"}}, {"related", {"B1", "C2"}}, {"hints", {"sleep outside"}}};
  }

  Json With(std::string_view field, const Json& value) const {
    Json json = Camper();
    json[std::string(field)] = value;
    return json;
  }

  Json Without(std::string_view field) const {
    Json json = Camper();
    json.erase(std::string(field));
    return json;
  }

  Result<Lifestyle> Parse(const Json& json) const {
    return ParseLifestyle(DumpJson(json), *blueprint_.taxonomy);
  }

  Result<std::vector<Lifestyle>> LoadLines(std::string_view content) const {
    EXPECT_THAT(WriteFileAtomically(dir_.path() / "l.jsonl", content), IsOk());
    return LoadLifestyles(dir_.path() / "l.jsonl", *blueprint_.taxonomy);
  }

  TempDir dir_;
  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
};

TEST_F(LifestyleTest, NamesBecomeCategories) {
  ASSERT_OK_AND_ASSIGN(const Lifestyle camper, Parse(Camper()));
  EXPECT_EQ(camper.id, "camper");
  EXPECT_THAT(camper.core, ElementsAre(CategoryIndex(0)));
  EXPECT_THAT(camper.related, ElementsAre(CategoryIndex(2), CategoryIndex(5)));
  EXPECT_THAT(camper.hints, ElementsAre("sleep outside"));
}

TEST_F(LifestyleTest, GenderIsEvenUnlessSaid) {
  EXPECT_EQ(Parse(Camper())->female_share, 0.5);
  EXPECT_EQ(Parse(With("female_share", 0.8))->female_share, 0.8);
}

TEST_F(LifestyleTest, WhatIsNotAnObjectIsRefused) {
  EXPECT_THAT(Parse(Json::array()), FailsWith(ErrorCode::kInvalidArgument, "object"));
  EXPECT_THAT(ParseLifestyle("{", *blueprint_.taxonomy),
              FailsWith(ErrorCode::kInvalidArgument, ""));
}

TEST_F(LifestyleTest, MissingFieldsAreNamed) {
  EXPECT_THAT(Parse(Without("id")), FailsWith(ErrorCode::kInvalidArgument, "\"id\""));
  EXPECT_THAT(Parse(Without("name")), FailsWith(ErrorCode::kInvalidArgument, "\"name\""));
  EXPECT_THAT(Parse(Without("ages")), FailsWith(ErrorCode::kInvalidArgument, "\"ages\""));
  EXPECT_THAT(Parse(Without("core")), FailsWith(ErrorCode::kInvalidArgument, "\"core\""));
  EXPECT_THAT(Parse(Without("related")), FailsWith(ErrorCode::kInvalidArgument, "\"related\""));
  EXPECT_THAT(Parse(Without("hints")), FailsWith(ErrorCode::kInvalidArgument, "\"hints\""));
}

TEST_F(LifestyleTest, WrongTypesAreNamed) {
  EXPECT_THAT(Parse(With("core", "A1")), FailsWith(ErrorCode::kInvalidArgument, "\"core\""));
}

TEST_F(LifestyleTest, AnEmptyIdIsRefused) {
  EXPECT_THAT(Parse(With("id", "")), FailsWith(ErrorCode::kInvalidArgument, "\"id\""));
}

TEST_F(LifestyleTest, AnImpossibleShareIsRefused) {
  EXPECT_THAT(Parse(With("female_share", 1.5)),
              FailsWith(ErrorCode::kInvalidArgument, "female_share"));
}

TEST_F(LifestyleTest, UnknownCategoriesAreNamed) {
  EXPECT_THAT(Parse(With("related", {"B1", "Nowhere"})),
              FailsWith(ErrorCode::kInvalidArgument, "\"Nowhere\""));
}

TEST_F(LifestyleTest, ACategoryIsListedOnce) {
  EXPECT_THAT(Parse(With("related", {"B1", "B1"})),
              FailsWith(ErrorCode::kInvalidArgument, "twice"));
}

TEST_F(LifestyleTest, TheCoreStaysWithinTwoLevel1Categories) {
  EXPECT_THAT(Parse(With("core", {"A1", "D1", "E1"})),
              FailsWith(ErrorCode::kInvalidArgument, "more than two"));
}

TEST_F(LifestyleTest, RelatedCategoriesLieOutsideTheCore) {
  EXPECT_THAT(Parse(With("related", {"B1", "A2"})),
              FailsWith(ErrorCode::kInvalidArgument, "\"A2\""));
}

TEST_F(LifestyleTest, AFileHoldsOnePerLine) {
  ASSERT_OK_AND_ASSIGN(const auto loaded,
                       LoadLines(DumpJson(Camper()) + "\n\n" + DumpJson(With("id", "other"))));
  ASSERT_EQ(loaded.size(), 2U);
  EXPECT_EQ(loaded[1].id, "other");
}

TEST_F(LifestyleTest, ABrokenLineIsNamedByFileAndNumber) {
  EXPECT_THAT(LoadLines(DumpJson(Camper()) + "\n{}\n"),
              FailsWith(ErrorCode::kInvalidArgument, "l.jsonl:2: field \"id\""));
}

TEST_F(LifestyleTest, AnIdOccursOnce) {
  const std::string line = DumpJson(Camper()) + "\n";
  EXPECT_THAT(LoadLines(line + line),
              FailsWith(ErrorCode::kInvalidArgument, "l.jsonl:2: id \"camper\" occurs twice"));
}

TEST_F(LifestyleTest, AnEmptyFileIsAnError) {
  EXPECT_THAT(LoadLines("\n"), FailsWith(ErrorCode::kInvalidArgument, "no lifestyle"));
}

TEST_F(LifestyleTest, AMissingFileIsNotFound) {
  EXPECT_THAT(LoadLifestyles(dir_.path() / "absent", *blueprint_.taxonomy),
              FailsWith(ErrorCode::kNotFound, "absent"));
}

}  // namespace
}  // namespace twohop
