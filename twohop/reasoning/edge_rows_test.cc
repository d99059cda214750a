#include "twohop/reasoning/edge_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class EdgeRowsTest : public testing::Test {
 protected:
  EdgeRowsTest() {
    auto store =
        EdgeStore::Open(dir_.path() / "store", OpenMode::kReadWrite, clock_, {.k_anonymity = 2});
    EXPECT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  static DemandEdges Row(std::string demand, std::vector<std::string> searches,
                         const std::vector<std::string>& calls_for,
                         const std::vector<std::string>& stretch = {}) {
    DemandEdges row{.demand = std::move(demand), .searches = std::move(searches)};
    for (const std::string& name : calls_for) row.calls_for.push_back(InSmallShop(name));
    for (const std::string& name : stretch) row.stretch.push_back(InSmallShop(name));
    return row;
  }

  void Teach(const std::vector<DemandEdges>& rows) {
    EXPECT_THAT(store_->ReplaceTeacher(TeacherRecords(rows, *shop_, "large", clock_.Now()), 1),
                IsOk());
  }

  // Two users come to it, so it is shown.
  void Answer(EdgeHop hop, const std::string& text, std::vector<std::string> targets,
              const std::string& same_as = {}) {
    EdgeRecord answer;
    answer.key = {.hop = hop, .text = text, .model = "small"};
    answer.targets = std::move(targets);
    answer.same_as = same_as;
    answer.merged = !same_as.empty();
    EXPECT_THAT(store_->PutAnswer(answer, UserId("ann")), IsOk());
    EXPECT_THAT(store_->NoteUse(answer.key, UserId("bob")), IsOk());
  }

  EdgeRows Read(std::optional<EdgeSource> only = std::nullopt) {
    auto rows = ReadEdgeRows(*store_, *shop_, only);
    EXPECT_THAT(rows, IsOk());
    return *std::move(rows);
  }

  TempDir dir_;
  ManualClock clock_;
  std::shared_ptr<const Taxonomy> shop_ = SmallShop();
  std::unique_ptr<EdgeStore> store_;
};

TEST_F(EdgeRowsTest, AreWhatWasTaught) {
  const std::vector<DemandEdges> taught{
      Row("Eating outdoors", {"gas stove", "tent"}, {"Lanterns", "Tents"}, {"Desk Lamps"}),
      Row("reading at night", {"tent"}, {"Desk Lamps"})};
  Teach(taught);
  EXPECT_EQ(Read().rows, taught);
  EXPECT_THAT(Read().sources, ElementsAre(EdgeSource::kTeacher, EdgeSource::kTeacher));
}

TEST_F(EdgeRowsTest, TheSameDemandTwiceBecomesOne) {
  Teach({Row("Eating outdoors", {"gas stove"}, {"Lanterns", "Tents"}, {"Desk Lamps"}),
         Row("eating outdoors", {"alps"}, {"Desk Lamps", "Lanterns"}, {"Camp Stoves"})});
  EXPECT_THAT(Read().rows, ElementsAre(Row("Eating outdoors", {"alps", "gas stove"},
                                           {"Lanterns", "Desk Lamps", "Tents"}, {"Camp Stoves"})));
}

TEST_F(EdgeRowsTest, RecordWhoTaught) {
  Teach({Row("eating outdoors", {"gas stove"}, {"Lanterns"})});
  const auto all = store_->FindAll(EdgeHop::kSearch, "gas stove");
  ASSERT_THAT(all, IsOk());
  EXPECT_EQ(all->front().key.model, "large");
  EXPECT_EQ(all->front().key.segment, "*");
  EXPECT_EQ(all->front().expires, std::nullopt);
}

TEST_F(EdgeRowsTest, WhatAModelWroteJoinsIn) {
  Teach({Row("eating outdoors", {"gas stove"}, {"Lanterns"})});
  Answer(EdgeHop::kDemand, "sleeping outdoors", {shop_->at(InSmallShop("Tents")).id});
  Answer(EdgeHop::kSearch, "bivouac", {"sleeping outdoors", "eating outdoors"});
  EXPECT_THAT(Read().rows,
              ElementsAre(Row("eating outdoors", {"bivouac", "gas stove"}, {"Lanterns"}),
                          Row("sleeping outdoors", {"bivouac"}, {"Tents"})));
  EXPECT_THAT(Read(EdgeSource::kModel).rows, SizeIs(1));
}

TEST_F(EdgeRowsTest, AnotherNameLeadsToWhatItMeans) {
  Teach({Row("eating outdoors", {"gas stove"}, {"Lanterns"})});
  Answer(EdgeHop::kDemand, "outdoor eating", {shop_->at(InSmallShop("Tents")).id},
         "eating outdoors");
  Answer(EdgeHop::kSearch, "picnic", {"outdoor eating"});
  EXPECT_THAT(Read().rows,
              ElementsAre(Row("eating outdoors", {"gas stove", "picnic"}, {"Lanterns"})));
}

TEST_F(EdgeRowsTest, HiddenAndExpiredOnesAreLeftOut) {
  EdgeRecord answer;
  answer.key = {.hop = EdgeHop::kDemand, .text = "sleeping outdoors", .model = "small"};
  answer.targets = {shop_->at(InSmallShop("Tents")).id};
  ASSERT_THAT(store_->PutAnswer(answer, UserId("ann")), IsOk());
  EXPECT_THAT(Read().rows, IsEmpty());
  EXPECT_EQ(Read().hidden, 1U);
  ASSERT_THAT(store_->NoteUse(answer.key, UserId("bob")), IsOk());
  EXPECT_THAT(Read().rows, SizeIs(1));
  clock_.Advance(std::chrono::days(31));
  EXPECT_THAT(Read().rows, IsEmpty());
}

TEST_F(EdgeRowsTest, AnAnswerOfAModelDoesNotChangeTheFingerprint) {
  Teach({Row("eating outdoors", {"gas stove"}, {"Lanterns"})});
  const std::uint64_t before = Read().fingerprint;
  Answer(EdgeHop::kDemand, "sleeping outdoors", {shop_->at(InSmallShop("Tents")).id});
  Answer(EdgeHop::kSearch, "bivouac", {"sleeping outdoors", "eating outdoors"});
  EXPECT_EQ(Read().fingerprint, before);
  Teach({Row("eating outdoors", {"gas stove"}, {"Tents"})});
  EXPECT_NE(Read().fingerprint, before);
}

}  // namespace
}  // namespace twohop
