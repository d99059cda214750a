#include "twohop/userstate/user_relation.h"

#include <gtest/gtest.h>

#include "twohop/userstate/testing/state_events.h"

namespace twohop {
namespace {

// User "u" with one interest of MakeInterests, in a taxonomy of its categories.
class UserRelationTest : public testing::Test {
 protected:
  UserRelationTest() {
    user_.profile.id = UserId("u");
    user_.interests = MakeInterests(/*count=*/1, /*dim=*/4, TestTime(100));
    const LatentInterest& interest = user_.interests->interests.front();
    Category category;
    category.id = interest.category_id;
    category.level1 = interest.level1;
    category.level2 = "Any";
    category.level3 = interest.category_label;
    taxonomy_ = *Taxonomy::Build({category});
  }

  void Click(int minutes) {
    user_.clicks.push_back({.item = ItemId("i1"),
                            .category_id = "c",
                            .level1 = user_.interests->interests.front().level1,
                            .time = TestTime(minutes)});
  }

  UserState user_;
  std::optional<Taxonomy> taxonomy_;
};

TEST_F(UserRelationTest, AStoredInterestIsRelated) {
  const PairRelation relation = RelateUser(user_, *taxonomy_, CategoryIndex(0));
  EXPECT_TRUE(relation.related());
  EXPECT_EQ(relation.created, TestTime(100));
}

TEST_F(UserRelationTest, TheUsersClicksDecideWhatIsNovel) {
  Click(/*minutes=*/200);
  const PairRelation relation = RelateUser(user_, *taxonomy_, CategoryIndex(0));
  EXPECT_EQ(relation.reason, NoRelation::kNotNovel);
  EXPECT_EQ(relation.clicks->newest.item, ItemId("i1"));
  EXPECT_TRUE(relation.clicks->since_then);
}

TEST_F(UserRelationTest, WithoutInterestsThereIsNoRelationAndAnEmptyList) {
  user_.interests.reset();
  EXPECT_EQ(RelateUser(user_, *taxonomy_, CategoryIndex(0)).reason, NoRelation::kNoInterests);
  EXPECT_EQ(UserRelationsToJson(user_, *taxonomy_),
            Json::parse(R"({"user": "u", "interests_created": null, "relations": []})"));
}

TEST_F(UserRelationTest, JsonNamesTheUserBesideTheRelation) {
  const Json json = UserRelationToJson(user_, *taxonomy_, CategoryIndex(0));
  EXPECT_EQ(json["user"], "u");
  EXPECT_EQ(json["related"], true);
}

TEST_F(UserRelationTest, JsonOfAllHasOneRelationForEachInterest) {
  const Json json = UserRelationsToJson(user_, *taxonomy_);
  EXPECT_TRUE(json["interests_created"].is_string());
  ASSERT_EQ(json["relations"].size(), 1U);
  EXPECT_EQ(json["relations"][0]["related"], true);
}

}  // namespace
}  // namespace twohop
