#include "twohop/llm/token_meter.h"

#include <gtest/gtest.h>

#include "twohop/base/parallel.h"

namespace twohop {
namespace {

TokenUsage OneCall(std::uint64_t prompt, std::uint64_t completion) {
  return {.prompt_tokens = prompt, .completion_tokens = completion, .calls = 1};
}

TEST(TokenMeterTest, NothingIsSpentAtFirst) {
  const TokenMeter meter;
  EXPECT_TRUE(meter.Snapshot().empty());
  EXPECT_EQ(meter.Total().usage, TokenUsage{});
}

TEST(TokenMeterTest, StagesAreSummedApartAndListedByName) {
  TokenMeter meter;
  meter.Record("hop2", OneCall(10, 5), 1.0);
  meter.Record("hop1", OneCall(100, 20), 0.5);
  meter.Record("hop2", OneCall(1, 2), 0.25);
  const auto stages = meter.Snapshot();
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[0].stage, "hop1");
  EXPECT_EQ(stages[1].stage, "hop2");
  EXPECT_EQ(stages[1].usage, (TokenUsage{.prompt_tokens = 11, .completion_tokens = 7, .calls = 2}));
  EXPECT_DOUBLE_EQ(stages[1].seconds, 1.25);
}

TEST(TokenMeterTest, PromptAndCompletionTokensHavePricesOfTheirOwn) {
  TokenMeter meter({.prompt_usd_per_million = 0.5, .completion_usd_per_million = 2.0});
  meter.Record("hop1", OneCall(1'000'000, 500'000), 1.0);
  EXPECT_DOUBLE_EQ(meter.Total().usd, 1.5);
}

TEST(TokenMeterTest, ProvidersAreSummedEachAtItsPrice) {
  TokenMeter sum;
  TokenMeter dear({.prompt_usd_per_million = 2.0, .completion_usd_per_million = 2.0}, &sum);
  TokenMeter free({}, &sum);
  dear.Record("hop1", OneCall(500'000, 500'000), 1.0);
  free.Record("hop1", OneCall(7, 3), 0.5);
  EXPECT_EQ(free.Total().usage, OneCall(7, 3));
  EXPECT_EQ(sum.Total().usage,
            (TokenUsage{.prompt_tokens = 500'007, .completion_tokens = 500'003, .calls = 2}));
  EXPECT_DOUBLE_EQ(sum.Total().usd, 2.0);
  EXPECT_DOUBLE_EQ(sum.Total().seconds, 1.5);
  EXPECT_EQ(sum.Snapshot().size(), 1U);
}

TEST(TokenMeterTest, ConcurrentRecordsAreAllCounted) {
  TokenMeter meter;
  ParallelFor(1000, 4, {}, [&](std::size_t i) {
    meter.Record(i % 2 == 0 ? "even" : "odd", OneCall(1, 2), 0.0);
  });
  EXPECT_EQ(meter.Total().usage,
            (TokenUsage{.prompt_tokens = 1000, .completion_tokens = 2000, .calls = 1000}));
}

}  // namespace
}  // namespace twohop
