#include "twohop/reasoning/edge_store.h"

#include <array>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/rocks/rocks_database.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const UserId kAnn("ann");
const UserId kBob("bob");

class EdgeStoreTest : public testing::Test {
 protected:
  EdgeStoreTest() { Reopen(); }

  void Reopen(OpenMode mode = OpenMode::kReadWrite) {
    store_.reset();
    auto store = EdgeStore::Open(dir(), mode, clock_, options_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  void UseK(std::size_t k) {
    options_.k_anonymity = k;
    Reopen();
  }

  static EdgeKey Search(std::string text, EdgeSource source = EdgeSource::kModel) {
    return {.hop = EdgeHop::kSearch,
            .source = source,
            .text = std::move(text),
            .prompt_version = "hop1.v1",
            .model = "small"};
  }

  static EdgeRecord Taught(std::string demand, std::vector<std::string> targets,
                           EdgeSource source = EdgeSource::kTeacher) {
    EdgeRecord record;
    record.key = {.hop = EdgeHop::kDemand, .source = source, .text = demand};
    record.text = std::move(demand);
    record.targets = std::move(targets);
    return record;
  }

  void Answer(const std::string& search, std::vector<std::string> demands,
              const UserId& asker = kAnn) {
    EdgeRecord answer;
    answer.key = Search(search);
    answer.targets = std::move(demands);
    EXPECT_THAT(store_->PutAnswer(answer, asker), IsOk());
  }

  EdgeRecord Get(const std::string& search) {
    const auto record = store_->Find(Search(search));
    EXPECT_THAT(record, IsOk());
    EXPECT_TRUE(record.has_value() && record->has_value()) << search;
    return record.has_value() && record->has_value() ? **record : EdgeRecord{};
  }

  bool Has(const std::string& search) {
    const auto record = store_->Find(Search(search));
    EXPECT_THAT(record, IsOk());
    return record.has_value() && record->has_value();
  }

  // The texts of a hop as a listing shows them.
  std::vector<std::string> Texts(EdgeHop hop) {
    std::vector<std::string> texts;
    EXPECT_THAT(store_->ForEach(hop, [&](const EdgeRecord& r) { texts.push_back(r.text); }),
                IsOk());
    return texts;
  }

  void FlipByte(EdgeHop hop, const std::string& id) {
    store_.reset();
    constexpr std::array<RocksFamily, 4> kFamilies{{{"search"}, {"demand"}, {"vector"}, {"meta"}}};
    {
      ASSERT_OK_AND_ASSIGN(const auto database,
                           RocksDatabase::Open(dir(), OpenMode::kReadWrite, kFamilies));
      const std::size_t family = hop == EdgeHop::kSearch ? 0 : 1;
      ASSERT_OK_AND_ASSIGN(const auto bytes, database->Get(family, id));
      ASSERT_TRUE(bytes.has_value());
      std::string damaged = bytes->ToString();
      damaged.back() = static_cast<char>(damaged.back() ^ 1);
      rocksdb::WriteBatch batch;
      ASSERT_TRUE(batch.Put(database->family(family), ToSlice(id), damaged).ok());
      ASSERT_THAT(database->Write(batch), IsOk());
    }
    Reopen();
  }

  std::filesystem::path dir() const { return temp_.path() / "store"; }

  TempDir temp_;
  ManualClock clock_;
  EdgeStoreOptions options_{.k_anonymity = 1};
  std::unique_ptr<EdgeStore> store_;
};

TEST_F(EdgeStoreTest, KeepsARecordWithItsProvenanceOverAReopening) {
  Answer("tent", {"sleeping outdoors", "carrying less"});
  Reopen();
  const EdgeRecord record = Get("tent");
  EXPECT_THAT(record.targets, ElementsAre("sleeping outdoors", "carrying less"));
  EXPECT_EQ(record.text, "tent");
  EXPECT_EQ(record.key, Search("tent"));
  EXPECT_EQ(record.time, clock_.Now());
  EXPECT_EQ(record.expires, clock_.Now() + std::chrono::days(30));
  EXPECT_EQ(record.uses, 0U);
}

TEST_F(EdgeStoreTest, EveryFieldOfTheKeyCounts) {
  Answer("tent", {"sleeping outdoors"});
  for (std::string EdgeKey::*field : {&EdgeKey::text, &EdgeKey::segment, &EdgeKey::hint,
                                      &EdgeKey::prompt_version, &EdgeKey::model}) {
    EdgeKey other = Search("tent");
    other.*field += "x";
    EXPECT_EQ(*store_->Find(other), std::nullopt);
  }
}

TEST_F(EdgeStoreTest, CountsUses) {
  Answer("tent", {"sleeping outdoors"});
  ASSERT_THAT(store_->NoteUse(Search("tent"), kBob), IsOk());
  ASSERT_THAT(store_->NoteUse(Search("tent"), kBob), IsOk());
  EXPECT_EQ(Get("tent").uses, 2U);
  EXPECT_THAT(store_->NoteUse(Search("unknown"), kBob), IsOk());
}

TEST_F(EdgeStoreTest, AnswersOfModelsExpireAndOthersDoNot) {
  Answer("tent", {"sleeping outdoors"});
  ASSERT_THAT(store_->Put(Taught("eating outdoors", {"c1"})), IsOk());
  clock_.Advance(std::chrono::days(30) - Milliseconds(1));
  EXPECT_TRUE(Has("tent"));
  clock_.Advance(Milliseconds(1));
  EXPECT_FALSE(Has("tent"));
  EXPECT_THAT(*store_->FindAll(EdgeHop::kSearch, "tent"), IsEmpty());
  clock_.Advance(std::chrono::days(10'000));
  EXPECT_THAT(*store_->FindAll(EdgeHop::kDemand, "eating outdoors"), SizeIs(1));
}

TEST_F(EdgeStoreTest, ATtlOfZeroIsForever) {
  options_.model_ttl = std::chrono::days(0);
  Reopen();
  Answer("tent", {"sleeping outdoors"});
  clock_.Advance(std::chrono::days(10'000));
  EXPECT_TRUE(Has("tent"));
}

TEST_F(EdgeStoreTest, AnExpiredAnswerIsReplaced) {
  Answer("tent", {"sleeping outdoors"});
  clock_.Advance(std::chrono::days(31));
  Answer("tent", {"carrying less"});
  EXPECT_THAT(Get("tent").targets, ElementsAre("carrying less"));
  EXPECT_THAT(Texts(EdgeHop::kSearch), ElementsAre("tent"));
}

TEST_F(EdgeStoreTest, ByHandGoesBeforeTeachersBeforeModels) {
  EdgeRecord answer = Taught("eating outdoors", {"c1"});
  answer.key.model = "small";
  ASSERT_THAT(store_->PutAnswer(answer, kAnn), IsOk());
  ASSERT_THAT(store_->Put(Taught("eating outdoors", {"c2"})), IsOk());
  ASSERT_THAT(store_->Put(Taught("eating outdoors", {"c3"}, EdgeSource::kHand)), IsOk());
  std::vector<std::string> targets;
  ASSERT_OK_AND_ASSIGN(const auto all, store_->FindAll(EdgeHop::kDemand, "eating outdoors"));
  for (const EdgeRecord& one : all) {
    targets.push_back(one.targets.front());
  }
  EXPECT_THAT(targets, ElementsAre("c3", "c2", "c1"));
}

TEST_F(EdgeStoreTest, ReplacingATeacherLeavesOthersAlone) {
  Answer("tent", {"sleeping outdoors"});
  const std::vector<EdgeRecord> first{Taught("eating outdoors", {"c1"}), Taught("rest", {"c2"})};
  ASSERT_THAT(store_->ReplaceTeacher(first, 7), IsOk());
  ASSERT_THAT(store_->Put(Taught("by hand", {"c3"}, EdgeSource::kHand)), IsOk());
  const std::vector<EdgeRecord> second{Taught("rest", {"c4"})};
  ASSERT_THAT(store_->ReplaceTeacher(second, 8), IsOk());
  EXPECT_THAT(Texts(EdgeHop::kDemand), ElementsAre("by hand", "rest"));
  EXPECT_TRUE(Has("tent"));
  EXPECT_EQ(*store_->teacher_fingerprint(), 8U);
}

TEST_F(EdgeStoreTest, ASearchIsHiddenUntilKUsersHaveMadeIt) {
  UseK(3);
  Answer("jane doe 12 elm street", {"finding jane doe"});
  ASSERT_THAT(store_->NoteUse(Search("jane doe 12 elm street"), kBob), IsOk());
  // Two users, one of them twice.
  ASSERT_THAT(store_->NoteUse(Search("jane doe 12 elm street"), kBob), IsOk());
  EXPECT_THAT(Texts(EdgeHop::kSearch), ElementsAre(""));
  const EdgeRecord hidden = Get("jane doe 12 elm street");
  EXPECT_TRUE(hidden.hidden);
  EXPECT_THAT(hidden.targets, ElementsAre("finding jane doe"));  // It works all the same.
  EXPECT_THAT(hidden.askers, SizeIs(2));
  EXPECT_THAT(DumpJson(EdgeRecordToJson(hidden)), Not(HasSubstr("jane")));
  EXPECT_THAT(hidden.id, Not(HasSubstr("jane")));

  ASSERT_THAT(store_->NoteUse(Search("jane doe 12 elm street"), UserId("cleo")), IsOk());
  EXPECT_THAT(Texts(EdgeHop::kSearch), ElementsAre("jane doe 12 elm street"));
  const EdgeRecord shown = Get("jane doe 12 elm street");
  EXPECT_FALSE(shown.hidden);
  EXPECT_THAT(shown.askers, IsEmpty());
  EXPECT_EQ(shown.uses, 3U);
}

TEST_F(EdgeStoreTest, TheCountOfUsersSurvivesReopeningAndANewAnswer) {
  UseK(2);
  Answer("tent", {"sleeping outdoors"}, kAnn);
  Reopen();
  clock_.Advance(std::chrono::days(31));
  Answer("tent", {"carrying less"}, kBob);
  EXPECT_THAT(Texts(EdgeHop::kSearch), ElementsAre("tent"));
}

TEST_F(EdgeStoreTest, WhatWasShownStaysShown) {
  Answer("tent", {"sleeping outdoors"});
  UseK(3);
  Answer("tent", {"carrying less"});
  EXPECT_THAT(Texts(EdgeHop::kSearch), ElementsAre("tent"));
  EXPECT_THAT(Get("tent").targets, ElementsAre("carrying less"));
}

TEST_F(EdgeStoreTest, TheHashesOfTwoStoresDiffer) {
  UseK(3);
  Answer("tent", {"sleeping outdoors"});
  TempDir elsewhere;
  options_.salt = 2;
  ASSERT_OK_AND_ASSIGN(const auto other, EdgeStore::Open(elsewhere.path() / "store",
                                                         OpenMode::kReadWrite, clock_, options_));
  EdgeRecord answer;
  answer.key = Search("tent");
  ASSERT_OK_AND_ASSIGN(const std::string id, other->PutAnswer(answer, kAnn));
  EXPECT_NE(Get("tent").id, id);
}

TEST_F(EdgeStoreTest, TheSaltIsThatOfTheFirstOpening) {
  UseK(3);
  Answer("tent", {"sleeping outdoors"});
  options_.salt = 99;
  Reopen();
  EXPECT_TRUE(Has("tent"));
}

TEST_F(EdgeStoreTest, ADamagedRecordIsDataLossAndTheRestStaysReadable) {
  Answer("tent", {"sleeping outdoors"});
  Answer("stove", {"eating outdoors"});
  FlipByte(EdgeHop::kSearch, EdgeId(Search("tent")));
  EXPECT_THAT(store_->Find(Search("tent")),
              FailsWith(ErrorCode::kDataLoss, "search \"tent\" (model)"));
  EXPECT_THAT(store_->FindAll(EdgeHop::kSearch, "tent"), FailsWith(ErrorCode::kDataLoss, "tent"));
  EXPECT_THAT(Get("stove").targets, ElementsAre("eating outdoors"));
  std::vector<std::string> texts;
  ASSERT_OK_AND_ASSIGN(const auto damage, store_->ForEach(EdgeHop::kSearch, [&](const auto& r) {
    texts.push_back(r.text);
  }));
  EXPECT_THAT(texts, ElementsAre("stove"));
  ASSERT_THAT(damage, SizeIs(1));
  EXPECT_THAT(damage.front().what, HasSubstr("bad checksum of search \"tent\""));
}

TEST_F(EdgeStoreTest, ADamagedRecordCanBeReplacedAndRemoved) {
  Answer("tent", {"sleeping outdoors"});
  FlipByte(EdgeHop::kSearch, EdgeId(Search("tent")));
  Answer("tent", {"carrying less"});
  EXPECT_THAT(Get("tent").targets, ElementsAre("carrying less"));
  FlipByte(EdgeHop::kSearch, EdgeId(Search("tent")));
  EXPECT_EQ(store_->Remove(EdgeHop::kSearch, "tent", std::nullopt), 1U);
  EXPECT_FALSE(Has("tent"));
}

TEST_F(EdgeStoreTest, RemovesByTextAndSourceHiddenOnesToo) {
  UseK(3);
  Answer("tent", {"sleeping outdoors"});
  Answer("tents", {"sleeping outdoors"});
  EXPECT_EQ(store_->Remove(EdgeHop::kSearch, "tent", EdgeSource::kHand), 0U);
  EXPECT_EQ(store_->Remove(EdgeHop::kSearch, "tent", EdgeSource::kModel), 1U);
  EXPECT_FALSE(Has("tent"));
  EXPECT_TRUE(Has("tents"));
}

TEST_F(EdgeStoreTest, KeepsVectorsByEncoder) {
  ASSERT_THAT(store_->Put(Taught("eating outdoors", {"c1"})), IsOk());
  const std::vector<float> vector{0.6F, 0.8F};
  ASSERT_THAT(store_->PutVector("mini", "Eating outdoors!", vector), IsOk());
  const EdgeRecord demand = store_->FindAll(EdgeHop::kDemand, "eating outdoors")->front();
  EXPECT_EQ(*store_->FindVector("mini", demand), vector);
  EXPECT_EQ(*store_->FindVector("maxi", demand), std::nullopt);
}

TEST_F(EdgeStoreTest, OpenedForReadingRefusesToWrite) {
  Answer("tent", {"sleeping outdoors"});
  Reopen(OpenMode::kReadOnly);
  EXPECT_TRUE(Has("tent"));
  EXPECT_THAT(store_->Put(Taught("rest", {"c1"})), FailsWith(ErrorCode::kFailedPrecondition, ""));
  EXPECT_THAT(store_->NoteUse(Search("tent"), kAnn), FailsWith(ErrorCode::kFailedPrecondition, ""));
}

TEST_F(EdgeStoreTest, RefusesOptionsByName) {
  options_.k_anonymity = 0;
  EXPECT_THAT(EdgeStore::Open(temp_.path() / "new", OpenMode::kReadWrite, clock_, options_),
              FailsWith(ErrorCode::kInvalidArgument, "k_anonymity"));
  options_ = {.model_ttl = std::chrono::days(-1)};
  EXPECT_THAT(EdgeStore::Open(temp_.path() / "new", OpenMode::kReadWrite, clock_, options_),
              FailsWith(ErrorCode::kInvalidArgument, "model_ttl"));
}

TEST_F(EdgeStoreTest, ThreadsMayUseItAtOnce) {
  UseK(3);
  Answer("tent", {"sleeping outdoors"});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        const UserId user("user " + std::to_string(i));
        for (int n = 0; n < 25; ++n) {
          EXPECT_THAT(store_->NoteUse(Search("tent"), user), IsOk());
          EXPECT_THAT(store_->Find(Search("tent")), IsOk());
        }
      });
    }
  }
  EXPECT_EQ(Get("tent").uses, 100U);
}

}  // namespace
}  // namespace twohop
