#include "twohop/distill/dataset_split.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Property;

Trace TraceOf(const std::string& user) {
  Trace trace;
  trace.user.profile.id = UserId(user);
  return trace;
}

TrainingSources ManySources(int count) {
  TrainingSources sources;
  for (int i = 0; i < count; ++i) {
    sources.traces.push_back(TraceOf("u" + std::to_string(i)));
    sources.traces.push_back(TraceOf("u" + std::to_string(i)));
    sources.edges.push_back({.demand = "demand " + std::to_string(i)});
  }
  return sources;
}

std::set<std::string> UsersOf(const TrainingSources& sources) {
  std::set<std::string> users;
  for (const Trace& trace : sources.traces) users.insert(trace.user.profile.id.value());
  return users;
}

TrainingRow Row(TrainingTask task, std::string subject) {
  return {.task = task, .subject = std::move(subject), .messages = {}, .categories = {}};
}

TEST(SplitTrainingSourcesTest, AUserIsOnOneSideAndTheShareIsKept) {
  const SplitSources split = SplitTrainingSources(ManySources(2000), {.validation_share = 0.1});
  const std::set<std::string> training = UsersOf(split.training);
  for (const std::string& user : UsersOf(split.validation)) EXPECT_FALSE(training.contains(user));
  EXPECT_NEAR(static_cast<double>(split.validation.traces.size()), 400, 80);
  EXPECT_NEAR(static_cast<double>(split.validation.edges.size()), 200, 50);
  EXPECT_EQ(split.training.traces.size() + split.validation.traces.size(), 4000U);
}

TEST(SplitTrainingSourcesTest, NothingIsHeldOutAtShareZero) {
  const SplitSources split = SplitTrainingSources(ManySources(50), {.validation_share = 0.0});
  EXPECT_TRUE(split.validation.traces.empty());
  EXPECT_EQ(split.training.edges.size(), 50U);
}

TEST(SideOfUserTest, DependsOnIdAndSeedAlone) {
  const SplitOptions half{.validation_share = 0.5, .seed = 1};
  EXPECT_EQ(SideOfUser(UserId("u1"), half), SideOfUser(UserId("u1"), half));
  std::set<DatasetSide> sides;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    sides.insert(SideOfUser(UserId("u1"), {.validation_share = 0.5, .seed = seed}));
  }
  EXPECT_EQ(sides.size(), 2U);
}

TEST(SideOfDemandTest, SpellingDoesNotMatter) {
  const SplitOptions half{.validation_share = 0.5};
  EXPECT_EQ(SideOfDemand("Sleeping outdoors!", half), SideOfDemand("sleeping  outdoors", half));
}

TEST(RemoveSharedQuestionsTest, WhatBothSidesAskIsInTrainingOnly) {
  const std::vector<TrainingRow> training{Row(TrainingTask::kHop1, "tent"),
                                          Row(TrainingTask::kTwoHop, "u1")};
  std::vector<TrainingRow> validation{
      Row(TrainingTask::kHop1, "tent"), Row(TrainingTask::kHop1, "stove"),
      Row(TrainingTask::kHop2, "tent"), Row(TrainingTask::kTwoHop, "u2")};
  EXPECT_EQ(RemoveSharedQuestions(training, validation), 1U);
  EXPECT_THAT(validation, ElementsAre(testing::Field(&TrainingRow::subject, "stove"),
                                      testing::Field(&TrainingRow::task, TrainingTask::kHop2),
                                      testing::Field(&TrainingRow::subject, "u2")));
}

TEST(SplitOptionsTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(SplitOptions().Validate(), IsOk());
  EXPECT_THAT(SplitOptions{.validation_share = 1.0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "validation_share"));
  EXPECT_THAT(SplitOptions{.validation_share = -0.1}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "validation_share"));
}

}  // namespace
}  // namespace twohop
