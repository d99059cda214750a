#include "twohop/reasoning/demand_edges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;

constexpr const char* kGood =
    R"({"demand": "sleeping outdoors", "from": ["tent"], "calls_for": ["Lanterns", "Tents"],
        "stretch": ["Desk Lamps"]})";

TEST(DemandEdgesTest, KeepsOrder) {
  ASSERT_OK_AND_ASSIGN(const DemandEdges edges, ParseDemandEdges(*ParseJson(kGood), *SmallShop()));
  EXPECT_EQ(edges.demand, "sleeping outdoors");
  EXPECT_THAT(edges.searches, ElementsAre("tent"));
  EXPECT_THAT(edges.calls_for, ElementsAre(InSmallShop("Lanterns"), InSmallShop("Tents")));
  EXPECT_THAT(edges.stretch, ElementsAre(InSmallShop("Desk Lamps")));
}

TEST(DemandEdgesTest, SurviveBeingWritten) {
  const auto shop = SmallShop();
  ASSERT_OK_AND_ASSIGN(const DemandEdges edges, ParseDemandEdges(*ParseJson(kGood), *shop));
  EXPECT_EQ(ParseDemandEdges(DemandEdgesToJson(edges, *shop), *shop), edges);
}

TEST(DemandEdgesTest, RefusesWhatDoesNotHoldTogether) {
  const auto refuses = [](const Json& json, const std::string& why) {
    EXPECT_THAT(ParseDemandEdges(json, *SmallShop()), FailsWith(ErrorCode::kInvalidArgument, why));
  };
  Json json = *ParseJson(kGood);
  json["stretch"] = {"Lanterns"};
  refuses(json, "\"Lanterns\" is in \"calls_for\" and in \"stretch\"");
  json["calls_for"] = {"Tents", "Tents"};
  refuses(json, "\"Tents\" occurs twice");
  json["calls_for"] = Json::array();
  refuses(json, "\"calls_for\" is empty");
  json["calls_for"] = "Tents";
  refuses(json, "calls_for");
  json["demand"] = "";
  json["calls_for"] = {"Tents"};
  refuses(json, "\"demand\" is empty");
}

}  // namespace
}  // namespace twohop
