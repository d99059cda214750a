// What event_log.h promises, as tests that every implementation passes.
//
// An implementation gives a class with a default constructor that sets up an empty log, and
//   std::unique_ptr<EventLog> Open();          // For writing; the one opened before is gone.
//   std::unique_ptr<EventLog> OpenReadOnly();
// and says INSTANTIATE_TYPED_TEST_SUITE_P(Name, EventLogContract, Class).

#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/eventlog/testing/log_events.h"

namespace twohop {

template <typename Factory>
class EventLogContract : public testing::Test {
 protected:
  EventLogContract() : log_(factory_.Open()) {}

  void Reopen() {
    log_.reset();
    log_ = factory_.Open();
  }

  void ReopenReadOnly() {
    log_.reset();
    log_ = factory_.OpenReadOnly();
  }

  AppendResult Append(const std::vector<Event>& events) {
    const auto result = log_->Append(events);
    EXPECT_THAT(result, IsOk());
    return result.value_or(AppendResult{});
  }

  std::vector<std::string> IdsFrom(std::uint64_t from,
                                   std::size_t limit = std::numeric_limits<std::size_t>::max()) {
    const auto batch = log_->Read(LogOffset(from), limit);
    EXPECT_THAT(batch, IsOk());
    std::vector<std::string> ids;
    if (!batch.has_value()) return ids;
    for (const LoggedEvent& logged : batch->events) ids.push_back(logged.event.id.value());
    return ids;
  }

  std::uint64_t Committed(std::string_view consumer) {
    const auto offset = log_->Committed(consumer);
    EXPECT_THAT(offset, IsOk());
    return offset.value_or(LogOffset(999'999)).value();
  }

  Factory factory_;
  std::unique_ptr<EventLog> log_;
};

TYPED_TEST_SUITE_P(EventLogContract);

TYPED_TEST_P(EventLogContract, NewLogEndsAtZero) { EXPECT_EQ(this->log_->end(), LogOffset(0)); }

TYPED_TEST_P(EventLogContract, EmptyLogReadsAsEmptyNotAsError) {
  EXPECT_TRUE(this->IdsFrom(0).empty());
}

TYPED_TEST_P(EventLogContract, AppendingNothingIsFine) {
  EXPECT_EQ(this->Append({}).next, LogOffset(0));
}

TYPED_TEST_P(EventLogContract, EventsKeepTheirOrderAndGetDenseOffsets) {
  this->Append(SearchEvents(3));
  ASSERT_OK_AND_ASSIGN(const LogBatch batch, this->log_->Read(LogOffset(1), 10));
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].offset, LogOffset(1));
  EXPECT_EQ(batch.events[0].event.id, EventId("e1"));
  EXPECT_EQ(batch.events[1].offset, LogOffset(2));
  EXPECT_EQ(batch.next, LogOffset(3));
}

TYPED_TEST_P(EventLogContract, EveryFieldComesBack) {
  Event event;
  event.id = EventId("café/1");
  event.user = UserId("用户");
  event.type = EventType::kDwell;
  event.time = TimePoint(Milliseconds(-5));
  event.received = TimePoint(Milliseconds(1'700'000'000'123));
  event.item = ItemId(std::string("nul\0inside", 10));
  event.dwell = Milliseconds(1'234);
  event.channel = "novelty";
  event.position = 17;
  this->Append({event});
  ASSERT_OK_AND_ASSIGN(const LogBatch batch, this->log_->Read(LogOffset(0), 1));
  EXPECT_EQ(batch.events.at(0).event, event);
}

TYPED_TEST_P(EventLogContract, AppendSaysWhereTheLogEnds) {
  EXPECT_EQ(this->Append(SearchEvents(3)).next, LogOffset(3));
  EXPECT_EQ(this->log_->end(), LogOffset(3));
}

TYPED_TEST_P(EventLogContract, EventsSurviveReopening) {
  this->Append(SearchEvents(3));
  this->Reopen();
  EXPECT_EQ(this->log_->end(), LogOffset(3));
  EXPECT_EQ(this->IdsFrom(0), (std::vector<std::string>{"e0", "e1", "e2"}));
}

TYPED_TEST_P(EventLogContract, OffsetsGoOnAfterReopening) {
  this->Append(SearchEvents(2));
  this->Reopen();
  EXPECT_EQ(this->Append(SearchEvents(1, 2)).next, LogOffset(3));
  EXPECT_EQ(this->IdsFrom(0), (std::vector<std::string>{"e0", "e1", "e2"}));
}

TYPED_TEST_P(EventLogContract, AppendingTheSameAgainChangesNothing) {
  this->Append(SearchEvents(3));
  const AppendResult again = this->Append(SearchEvents(3));
  EXPECT_EQ(again.appended, 0U);
  EXPECT_EQ(again.duplicates, 3U);
  EXPECT_EQ(again.next, LogOffset(3));
}

TYPED_TEST_P(EventLogContract, IdsAreKnownAfterReopening) {
  this->Append(SearchEvents(3));
  this->Reopen();
  const AppendResult result = this->Append(SearchEvents(4));
  EXPECT_EQ(result.appended, 1U);
  EXPECT_EQ(result.duplicates, 3U);
}

TYPED_TEST_P(EventLogContract, RepeatWithinOneCallIsLeftOutAndTheFirstOneKept) {
  Event changed = SearchEvent("e0");
  changed.query = "something else";
  const AppendResult result = this->Append({SearchEvent("e0"), SearchEvent("e1"), changed});
  EXPECT_EQ(result.appended, 2U);
  EXPECT_EQ(result.duplicates, 1U);
  ASSERT_OK_AND_ASSIGN(const LogBatch batch, this->log_->Read(LogOffset(0), 1));
  EXPECT_EQ(batch.events.at(0).event, SearchEvent("e0"));
}

TYPED_TEST_P(EventLogContract, NextOfABatchIsWhereTheFollowingReadStarts) {
  this->Append(SearchEvents(3));
  ASSERT_OK_AND_ASSIGN(const LogBatch batch, this->log_->Read(LogOffset(0), 2));
  EXPECT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(this->IdsFrom(batch.next.value()), (std::vector<std::string>{"e2"}));
}

TYPED_TEST_P(EventLogContract, ReadingNothingStaysWhereItIs) {
  this->Append(SearchEvents(3));
  ASSERT_OK_AND_ASSIGN(const LogBatch batch, this->log_->Read(LogOffset(1), 0));
  EXPECT_TRUE(batch.events.empty());
  EXPECT_EQ(batch.next, LogOffset(1));
}

TYPED_TEST_P(EventLogContract, ReadingAtTheEndIsEmptyNotAnError) {
  this->Append(SearchEvents(3));
  EXPECT_TRUE(this->IdsFrom(3).empty());
}

TYPED_TEST_P(EventLogContract, ReadingPastTheEndIsNotFound) {
  this->Append(SearchEvents(3));
  EXPECT_THAT(this->log_->Read(LogOffset(4), 1), FailsWith(ErrorCode::kNotFound, "4"));
}

TYPED_TEST_P(EventLogContract, NewConsumerStartsAtZero) {
  EXPECT_EQ(this->Committed("nearline"), 0U);
}

TYPED_TEST_P(EventLogContract, CommitSurvivesReopeningAndBelongsToOneConsumer) {
  this->Append(SearchEvents(3));
  ASSERT_THAT(this->log_->Commit("nearline", LogOffset(2)), IsOk());
  this->Reopen();
  EXPECT_EQ(this->Committed("nearline"), 2U);
  EXPECT_EQ(this->Committed("export"), 0U);
}

TYPED_TEST_P(EventLogContract, CommitNeverMovesBackwards) {
  this->Append(SearchEvents(3));
  ASSERT_THAT(this->log_->Commit("nearline", LogOffset(3)), IsOk());
  ASSERT_THAT(this->log_->Commit("nearline", LogOffset(1)), IsOk());
  EXPECT_EQ(this->Committed("nearline"), 3U);
}

TYPED_TEST_P(EventLogContract, CommitPastTheEndIsRefused) {
  this->Append(SearchEvents(3));
  EXPECT_THAT(this->log_->Commit("nearline", LogOffset(4)),
              FailsWith(ErrorCode::kInvalidArgument, "nearline"));
}

TYPED_TEST_P(EventLogContract, LogOpenedForReadingReads) {
  this->Append(SearchEvents(3));
  ASSERT_THAT(this->log_->Commit("nearline", LogOffset(2)), IsOk());
  this->ReopenReadOnly();
  EXPECT_EQ(this->IdsFrom(0), (std::vector<std::string>{"e0", "e1", "e2"}));
  EXPECT_EQ(this->Committed("nearline"), 2U);
}

TYPED_TEST_P(EventLogContract, LogOpenedForReadingRefusesWrites) {
  this->ReopenReadOnly();
  EXPECT_THAT(this->log_->Append(SearchEvents(1)), FailsWith(ErrorCode::kFailedPrecondition, ""));
  EXPECT_THAT(this->log_->Commit("nearline", LogOffset(0)),
              FailsWith(ErrorCode::kFailedPrecondition, ""));
}

TYPED_TEST_P(EventLogContract, AppendsFromSeveralThreadsLoseAndRepeatNothing) {
  constexpr std::size_t kEach = 50;
  {
    std::vector<std::jthread> threads;
    for (const std::string prefix : {"a", "b", "c"}) {
      threads.emplace_back([this, prefix] {
        for (std::size_t i = 0; i < kEach; ++i) this->Append(SearchEvents(1, i, prefix));
      });
      threads.emplace_back([this, prefix] {
        for (std::size_t i = 0; i < kEach; ++i) this->Append(SearchEvents(1, i, prefix));
      });
    }
  }
  std::vector<std::string> expected;
  for (const std::string prefix : {"a", "b", "c"}) {
    for (const Event& event : SearchEvents(kEach, 0, prefix)) expected.push_back(event.id.value());
  }
  EXPECT_THAT(this->IdsFrom(0), testing::UnorderedElementsAreArray(expected));
}

TYPED_TEST_P(EventLogContract, ReaderBesideAWriterSeesAPrefix) {
  std::jthread writer([this] {
    for (std::size_t i = 0; i < 100; ++i) this->Append(SearchEvents(5, i * 5));
  });
  std::size_t seen = 0;
  while (seen < 500) {
    const std::vector<std::string> ids = this->IdsFrom(0);
    ASSERT_GE(ids.size(), seen);
    ASSERT_EQ(ids.size() % 5, 0U);  // Each call is appended whole.
    seen = ids.size();
  }
}

REGISTER_TYPED_TEST_SUITE_P(
    EventLogContract, NewLogEndsAtZero, EmptyLogReadsAsEmptyNotAsError, AppendingNothingIsFine,
    EventsKeepTheirOrderAndGetDenseOffsets, EveryFieldComesBack, AppendSaysWhereTheLogEnds,
    EventsSurviveReopening, OffsetsGoOnAfterReopening, AppendingTheSameAgainChangesNothing,
    IdsAreKnownAfterReopening, RepeatWithinOneCallIsLeftOutAndTheFirstOneKept,
    NextOfABatchIsWhereTheFollowingReadStarts, ReadingNothingStaysWhereItIs,
    ReadingAtTheEndIsEmptyNotAnError, ReadingPastTheEndIsNotFound, NewConsumerStartsAtZero,
    CommitSurvivesReopeningAndBelongsToOneConsumer, CommitNeverMovesBackwards,
    CommitPastTheEndIsRefused, LogOpenedForReadingReads, LogOpenedForReadingRefusesWrites,
    AppendsFromSeveralThreadsLoseAndRepeatNothing, ReaderBesideAWriterSeesAPrefix);

}  // namespace twohop
