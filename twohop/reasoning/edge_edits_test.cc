#include "twohop/reasoning/edge_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/edge_rows.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EdgeEditsTest : public testing::Test {
 protected:
  EdgeEditsTest() {
    auto store =
        EdgeStore::Open(dir_.path() / "store", OpenMode::kReadWrite, clock_, {.k_anonymity = 1});
    EXPECT_THAT(store, IsOk());
    store_ = *std::move(store);
    Teach();
  }

  // The same files again.
  void Teach() {
    DemandEdges row{.demand = "eating outdoors", .searches = {"gas stove"}};
    row.calls_for = {InSmallShop("Lanterns"), InSmallShop("Camp Stoves")};
    row.stretch = {InSmallShop("Desk Lamps")};
    DemandEdges other{.demand = "brewing coffee", .searches = {"gas stove", "espresso"}};
    other.calls_for = {InSmallShop("Coffee Grinders")};
    const std::vector<DemandEdges> rows{row, other};
    EXPECT_THAT(store_->ReplaceTeacher(TeacherRecords(rows, *shop_, "", clock_.Now()), 1), IsOk());
  }

  Result<EdgeRecord> Edit(const std::string& demand, const DemandEdit& edit) {
    return EditDemand(*store_, *shop_, demand, edit);
  }

  // "demand: searches -> categories" of each row.
  std::vector<std::string> Rows() {
    std::vector<std::string> rows;
    const auto read = ReadEdgeRows(*store_, *shop_);
    EXPECT_THAT(read, IsOk());
    for (const DemandEdges& row : read->rows) {
      std::string text = row.demand + ":";
      for (const std::string& search : row.searches) text += " " + search;
      text += " ->";
      for (const CategoryIndex category : row.calls_for) text += " " + shop_->label(category);
      rows.push_back(text);
    }
    return rows;
  }

  TempDir dir_;
  ManualClock clock_;
  std::shared_ptr<const Taxonomy> shop_ = SmallShop();
  std::unique_ptr<EdgeStore> store_;
};

constexpr const char* kCoffee = "brewing coffee: espresso gas stove -> Coffee Grinders";

TEST_F(EdgeEditsTest, AddsAndDropsCategoriesForGood) {
  ASSERT_OK_AND_ASSIGN(
      const EdgeRecord record,
      Edit("Eating Outdoors", {.add = {InSmallShop("Tents")}, .drop = {InSmallShop("Lanterns")}}));
  EXPECT_EQ(record.key.source, EdgeSource::kHand);
  const auto edited = ElementsAre(kCoffee, "eating outdoors: gas stove -> Camp Stoves Tents");
  EXPECT_THAT(Rows(), edited);
  Teach();
  EXPECT_THAT(Rows(), edited);
}

TEST_F(EdgeEditsTest, AStretchThatIsAddedIsCalledFor) {
  ASSERT_OK_AND_ASSIGN(const EdgeRecord record,
                       Edit("eating outdoors", {.add = {InSmallShop("Desk Lamps")}}));
  EXPECT_THAT(record.stretch, IsEmpty());
  EXPECT_EQ(record.targets.back(), "id of Desk Lamps");
}

TEST_F(EdgeEditsTest, ARenamedDemandKeepsItsSearchesForGood) {
  ASSERT_THAT(Edit("eating outdoors", {.rename = "cooking in the wild"}), IsOk());
  const auto renamed =
      ElementsAre(kCoffee, "cooking in the wild: gas stove -> Lanterns Camp Stoves");
  EXPECT_THAT(Rows(), renamed);
  Teach();
  EXPECT_THAT(Rows(), renamed);
}

TEST_F(EdgeEditsTest, RenamesAgainAndBack) {
  ASSERT_THAT(Edit("eating outdoors", {.rename = "cooking in the wild"}), IsOk());
  ASSERT_THAT(Edit("cooking in the wild", {.rename = "picnics"}), IsOk());
  EXPECT_THAT(Rows(), ElementsAre(kCoffee, "picnics: gas stove -> Lanterns Camp Stoves"));
  // Under any of its names.
  ASSERT_THAT(Edit("cooking in the wild", {.rename = "eating outdoors"}), IsOk());
  EXPECT_THAT(Rows(), ElementsAre(kCoffee, "eating outdoors: gas stove -> Lanterns Camp Stoves"));
  ASSERT_THAT(Edit("eating outdoors", {.rename = "Eating Outdoors"}), IsOk());
  EXPECT_THAT(Rows(), ElementsAre(kCoffee, "Eating Outdoors: gas stove -> Lanterns Camp Stoves"));
}

TEST_F(EdgeEditsTest, RefusesWhatMakesNoSense) {
  const auto refused = [](const char* why) { return FailsWith(ErrorCode::kInvalidArgument, why); };
  EXPECT_THAT(Edit("eating outdoors", {}), refused("nothing to change"));
  EXPECT_THAT(Edit("eating outdoors", {.drop = {InSmallShop("Tents")}}),
              refused("does not call for \"Tents\""));
  EXPECT_THAT(Edit("brewing coffee", {.drop = {InSmallShop("Coffee Grinders")}}),
              refused("would call for nothing"));
  EXPECT_THAT(Edit("eating outdoors", {.rename = "Brewing coffee"}), refused("already"));
  EXPECT_THAT(Edit("eating outdoors", {.rename = " -- "}), refused("no letter"));
  EXPECT_THAT(Edit("eating outdoors", {.rename = "eating outdoors"}), refused("the old one"));
  EXPECT_THAT(Edit("flying", {.add = {InSmallShop("Tents")}}),
              FailsWith(ErrorCode::kNotFound, "no demand \"flying\""));
}

TEST_F(EdgeEditsTest, CreatesADemandWhenAskedTo) {
  ASSERT_THAT(Edit("flying", {.add = {InSmallShop("Tents")}, .create = true}), IsOk());
  EXPECT_THAT(Rows(), testing::Contains("flying: -> Tents"));
}

TEST_F(EdgeEditsTest, ARemovedDemandStaysAway) {
  EXPECT_EQ(RemoveEdges(*store_, EdgeHop::kDemand, "eating outdoors", {}), 1U);
  EXPECT_THAT(Rows(), ElementsAre(kCoffee));
  Teach();
  EXPECT_THAT(Rows(), ElementsAre(kCoffee));
  // Until what was done by hand is undone.
  EXPECT_EQ(RemoveEdges(*store_, EdgeHop::kDemand, "eating outdoors", EdgeSource::kHand), 1U);
  EXPECT_THAT(Rows(), testing::SizeIs(2));
}

TEST_F(EdgeEditsTest, ARemovedSearchLeadsNowhere) {
  EXPECT_EQ(RemoveEdges(*store_, EdgeHop::kSearch, "Gas stove", {}), 1U);
  Teach();
  EXPECT_THAT(Rows(), ElementsAre("brewing coffee: espresso -> Coffee Grinders",
                                  "eating outdoors: -> Lanterns Camp Stoves"));
}

TEST_F(EdgeEditsTest, WhatIsNotThereCannotBeRemoved) {
  EXPECT_THAT(RemoveEdges(*store_, EdgeHop::kSearch, "canoe", {}),
              FailsWith(ErrorCode::kNotFound, "no search \"canoe\""));
  EXPECT_THAT(RemoveEdges(*store_, EdgeHop::kDemand, "eating outdoors", EdgeSource::kModel),
              FailsWith(ErrorCode::kNotFound, "by model"));
}

TEST_F(EdgeEditsTest, RemovesWhatMatches) {
  EdgeRecord answer;
  answer.key = {.text = "bivouac", .model = "small"};
  answer.targets = {"eating outdoors"};
  ASSERT_THAT(store_->PutAnswer(answer, UserId("ann")), IsOk());
  const auto by_model = [](const EdgeRecord& record) {
    return record.key.source == EdgeSource::kModel;
  };
  EXPECT_EQ(RemoveEdgesWhere(*store_, by_model), 1U);
  EXPECT_EQ(RemoveEdgesWhere(*store_, by_model), 0U);
  EXPECT_THAT(Rows(), testing::SizeIs(2));
}

}  // namespace
}  // namespace twohop
