#include "twohop/distill/trace_edges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Field;

constexpr const char* kTrace =
    R"({"user_id": "t1", "searches": [{"query": "tent"}, {"query": "lamp"}],
        "demands": [{"id": "d1", "text": "sleeping outdoors", "from": ["tent", "lamp"]},
                    {"id": "d2", "text": "reading at night", "from": ["lamp"]}],
        "interests": [{"category": "Lanterns", "from": "d1"},
                      {"category": "Mountain Trips", "from": "d1"}]})";

std::string OnOneLine(const char* json) { return DumpJson(*ParseJson(json)) + "\n"; }

TEST(TraceEdgesTest, ADemandKeepsItsSearchesAndWhatItCallsFor) {
  ASSERT_OK_AND_ASSIGN(const Trace trace, ParseTrace(*ParseJson(kTrace), *SmallShop()));
  EXPECT_THAT(
      EdgesOf(trace),
      ElementsAre(DemandEdges{.demand = "sleeping outdoors",
                              .searches = {"tent", "lamp"},
                              .calls_for = {InSmallShop("Lanterns"), InSmallShop("Mountain Trips")},
                              .stretch = {}}));
}

TEST(TraceEdgesTest, AFileMayHoldBothKindsOfLines) {
  const TempDir dir;
  const auto file = dir.Write(
      "mixed.jsonl", OnOneLine(kTrace) + OnOneLine(R"({"demand": "d", "calls_for": ["Tents"]})") +
                         OnOneLine(R"({"demand": "d", "calls_for": ["Flying Carpets"]})"));
  ASSERT_OK_AND_ASSIGN(const auto read, ReadTracesOrEdges(file, *SmallShop()));
  EXPECT_THAT(read.rows, ElementsAre(Field(&DemandEdges::demand, "sleeping outdoors"),
                                     Field(&DemandEdges::demand, "d")));
  EXPECT_THAT(read.faults, ElementsAre(Field(&LineFault::line, 3U)));
}

}  // namespace
}  // namespace twohop
