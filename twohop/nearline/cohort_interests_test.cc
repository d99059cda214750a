#include "twohop/nearline/cohort_interests.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/interest_assembly.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint kNow{Milliseconds(1'700'000'000'000)};

Category MakeCategory(std::string id, std::string level1, std::string level3) {
  Category category;
  category.id = std::move(id);
  category.level1 = std::move(level1);
  category.level2 = "All";
  category.level3 = std::move(level3);
  return category;
}

std::vector<std::string> Labels(const InterestSet& set) {
  std::vector<std::string> labels;
  for (const LatentInterest& one : set.interests) labels.push_back(one.category_label);
  return labels;
}

class CohortInterestsTest : public testing::Test {
 protected:
  CohortInterestsTest()
      : taxonomy_(std::make_shared<const Taxonomy>(*Taxonomy::Build(
            {MakeCategory("tents", "Outdoors", "Tents"), MakeCategory("lamps", "Outdoors", "Lamps"),
             MakeCategory("boots", "Outdoors", "Boots"),
             MakeCategory("pans", "Kitchen", "Pans")}))),
        states_(*OpenUserStateStore(dir_.path() / "state", OpenMode::kReadWrite)) {}

  LatentInterest Interest(const std::string& category, const std::string& demand) const {
    const CategoryIndex index = *taxonomy_->FindById(category);
    return {.category_id = category,
            .category_label = taxonomy_->label(index),
            .level1 = taxonomy_->at(index).level1,
            .searches = {"a private search"},
            .demand = demand,
            .confidence = 0.5F,
            .provenance = {},
            .embedding = {1.0F}};
  }

  void AddUser(const std::string& age, const std::vector<LatentInterest>& interests) {
    const UserId id("user" + std::to_string(users_++));
    const std::vector<UserProfile> profiles{{id, age, "female"}};
    ASSERT_THAT(states_->PutProfiles(profiles), IsOk());
    InterestSet set;
    set.created = kNow;
    for (const LatentInterest& one : interests) AddInterest(one, set);
    ASSERT_THAT(states_->PutInterests(id, set, std::nullopt), IsOk());
  }
  void AddUsers(std::size_t count, const std::string& age, const std::string& category,
                const std::string& demand) {
    for (std::size_t i = 0; i < count; ++i) AddUser(age, {Interest(category, demand)});
  }

  InterestSet For(const UserContext& user, const CohortOptions& options = {}) const {
    return CohortInterests::Count(*states_, taxonomy_, options)->For(user, kNow);
  }

  static UserContext Somebody(const std::string& age) {
    return {.profile = {UserId("new"), age, "female"},
            .searches = {},
            .clicked_level1 = {},
            .feedback = {}};
  }

  TempDir dir_;
  std::shared_ptr<const Taxonomy> taxonomy_;
  std::unique_ptr<UserStateStore> states_;
  int users_ = 0;
};

TEST_F(CohortInterestsTest, ThoseOfTheSegmentMostCommonFirst) {
  AddUsers(12, "25-34", "tents", "sleeping outdoors");
  AddUsers(18, "25-34", "pans", "cooking at home");
  AddUsers(30, "55+", "boots", "walking");
  const InterestSet set = For(Somebody("25-34"));
  EXPECT_THAT(Labels(set), ElementsAre("Pans", "Tents"));
  EXPECT_FLOAT_EQ(set.interests.at(0).confidence, 0.6F);
}

TEST_F(CohortInterestsTest, AreMarkedAndHoldNobodysSearches) {
  AddUsers(20, "25-34", "tents", "sleeping outdoors");
  const InterestSet set = For(Somebody("25-34"));
  ASSERT_THAT(set.interests, SizeIs(1));
  const LatentInterest& tents = set.interests.front();
  EXPECT_EQ(tents.cohort, "25-34, female");
  EXPECT_EQ(tents.provenance.strategy, "cohort");
  EXPECT_THAT(tents.searches, IsEmpty());
  EXPECT_EQ(PathInWords(tents), "others (25-34, female) → sleeping outdoors → Tents");
  EXPECT_TRUE(set.graph.FindNode(NodeKind::kProfile, "25-34, female").has_value());
  for (const GraphNode& node : set.graph.nodes()) EXPECT_NE(node.kind, NodeKind::kSearch);
}

TEST_F(CohortInterestsTest, ASmallSegmentGetsWhatHoldsForEverybody) {
  AddUsers(19, "25-34", "tents", "sleeping outdoors");
  AddUsers(40, "55+", "pans", "cooking at home");
  const InterestSet set = For(Somebody("25-34"));
  EXPECT_THAT(Labels(set), ElementsAre("Pans", "Tents"));
  EXPECT_EQ(set.interests.at(0).cohort, "everybody");
}

TEST_F(CohortInterestsTest, NothingIfThereAreTooFewUsersAtAll) {
  AddUsers(19, "25-34", "tents", "sleeping outdoors");
  EXPECT_THAT(For(Somebody("25-34")).interests, IsEmpty());
}

TEST_F(CohortInterestsTest, WhatFewShareIsNotTold) {
  AddUsers(20, "25-34", "tents", "sleeping outdoors");
  AddUsers(4, "25-34", "pans", "cooking at home");
  EXPECT_THAT(Labels(For(Somebody("25-34"))), ElementsAre("Tents"));
}

TEST_F(CohortInterestsTest, ADemandThatFewShareIsNotTold) {
  AddUsers(20, "25-34", "tents", "sleeping outdoors");
  for (int i = 0; i < 10; ++i) AddUsers(1, "25-34", "pans", "demand " + std::to_string(i));
  EXPECT_THAT(Labels(For(Somebody("25-34"))), ElementsAre("Tents"));
}

TEST_F(CohortInterestsTest, KnownCategoriesAndUnwantedOnesAreLeftOut) {
  AddUsers(20, "25-34", "tents", "sleeping outdoors");
  AddUsers(20, "25-34", "pans", "cooking at home");
  UserContext cook = Somebody("25-34");
  cook.clicked_level1 = {"Kitchen"};
  EXPECT_THAT(Labels(For(cook)), ElementsAre("Tents"));
  UserContext indoors = Somebody("25-34");
  indoors.feedback.categories["tents"] = {.weight = 0.0F};
  EXPECT_THAT(Labels(For(indoors)), ElementsAre("Pans"));
}

TEST_F(CohortInterestsTest, AtMostSoManyPerLevel1) {
  for (const char* category : {"tents", "lamps", "boots"}) {
    AddUsers(20, "25-34", category, "being outdoors");
  }
  EXPECT_THAT(For(Somebody("25-34")).interests, SizeIs(2));
}

TEST_F(CohortInterestsTest, InterestsOfACohortDoNotConfirmThemselves) {
  LatentInterest copied = Interest("tents", "sleeping outdoors");
  copied.cohort = "25-34, female";
  for (int i = 0; i < 30; ++i) AddUser("25-34", {copied});
  EXPECT_THAT(For(Somebody("25-34")).interests, IsEmpty());
}

TEST_F(CohortInterestsTest, TheGeneratorGivesThemToUsersWithoutSearchesAlone) {
  AddUsers(20, "25-34", "tents", "sleeping outdoors");
  ASSERT_OK_AND_ASSIGN(CohortInterests cohorts, CohortInterests::Count(*states_, taxonomy_));
  const ManualClock clock;
  const auto generator = MakeCohortGenerator(std::move(cohorts), clock);
  ASSERT_OK_AND_ASSIGN(const Generation quiet, generator->Generate(Somebody("25-34"), {}));
  EXPECT_THAT(Labels(quiet.interests), ElementsAre("Tents"));
  EXPECT_EQ(quiet.usage, TokenUsage());
  UserContext searching = Somebody("25-34");
  searching.searches = {{"tent"}};
  ASSERT_OK_AND_ASSIGN(const Generation other, generator->Generate(searching, {}));
  EXPECT_THAT(other.interests.interests, IsEmpty());
}

}  // namespace
}  // namespace twohop
