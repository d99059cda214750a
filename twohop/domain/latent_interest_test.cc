#include "twohop/domain/latent_interest.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

LatentInterest FullInterest() {
  return {.category_id = "c-7",
          .category_label = "Headlamps & Flashlights",
          .level1 = "Outdoors",
          .searches = {"tent for two", "camping stove"},
          .browsed = {"Sleeping Bags"},
          .cohort = "25-34, female",
          .demand = "sleeping outdoors",
          .relation = EdgeRelation::kHyponym,
          .grounding = Grounding::kNearest,
          .similarity = 0.75F,
          .confidence = 0.5F,
          .votes = 2,
          .voters = 3,
          .provenance = {.model = "small",
                         .prompt_version = "two_hop.v1",
                         .strategy = "demand_search",
                         .seed = 1ULL << 63U,
                         .time = TimePoint(Milliseconds(1'700'000'000'000)),
                         .taxonomy = 42},
          .embedding = {0.6F, -0.8F}};
}

InterestSet FullSet() {
  InterestSet set{.interests = {FullInterest(), FullInterest()},
                  .created = TimePoint(Milliseconds(1'700'000'000'001)),
                  .maker = 1ULL << 63U,
                  .inputs = 7};
  const auto tent = set.graph.AddNode(NodeKind::kSearch, "tent for two");
  const auto demand = set.graph.AddNode(NodeKind::kDemand, "sleeping outdoors");
  const auto lamps = set.graph.AddNode(NodeKind::kCategory, "Headlamps & Flashlights", "c-7");
  EXPECT_THAT(set.graph.AddEdge(tent, EdgeRelation::kHypernym, demand), IsOk());
  EXPECT_THAT(set.graph.AddEdge(demand, EdgeRelation::kHyponym, lamps), IsOk());
  return set;
}

std::string Written(const InterestSet& set) {
  BinaryWriter out;
  WriteInterestSet(set, out);
  return std::move(out).str();
}

Result<InterestSet> Read(std::string_view bytes) {
  BinaryReader in(bytes);
  return ReadInterestSet(in);
}

// A record without interests whose graph is what `write_graph` writes.
std::string RecordWithGraph(const std::function<void(BinaryWriter&)>& write_graph) {
  BinaryWriter out;
  out.Unsigned(1);
  out.Signed(0);
  out.Unsigned(0);
  write_graph(out);
  return std::move(out).str();
}

void WriteNode(BinaryWriter& out, std::uint64_t kind, std::string_view text) {
  out.Unsigned(kind);
  out.Bytes(text);
  out.Bytes("");
}

void WriteEdge(BinaryWriter& out, std::uint64_t from, std::uint64_t to, std::uint64_t relation) {
  out.Unsigned(from);
  out.Unsigned(to);
  out.Unsigned(relation);
}

bool IsWhole(const InterestSet& set) {
  for (const LatentInterest& interest : set.interests) {
    if (GroundingName(interest.grounding) == "unknown") return false;
    if (EdgeRelationName(interest.relation) == "unknown") return false;
  }
  for (const GraphNode& node : set.graph.nodes()) {
    if (NodeKindName(node.kind) == "unknown") return false;
  }
  return true;
}

TEST(PathInWordsTest, NamesSearchesDemandAndCategory) {
  EXPECT_EQ(PathInWords(FullInterest()),
            "searched \"tent for two\", \"camping stove\", looked at Sleeping Bags → "
            "sleeping outdoors → Headlamps & Flashlights");
}

TEST(PathInWordsTest, StartsAtTheCohortOrTheProfileWithoutOtherEvidence) {
  LatentInterest interest = FullInterest();
  interest.searches.clear();
  interest.browsed.clear();
  EXPECT_EQ(PathInWords(interest),
            "others (25-34, female) → sleeping outdoors → Headlamps & Flashlights");
  interest.cohort.clear();
  EXPECT_EQ(PathInWords(interest), "profile → sleeping outdoors → Headlamps & Flashlights");
}

TEST(GroundingTest, EachHasAName) {
  EXPECT_EQ(GroundingName(Grounding::kExact), "exact");
  EXPECT_EQ(GroundingName(Grounding::kNearest), "nearest");
  EXPECT_EQ(GroundingName(Grounding::kDemand), "demand");
}

TEST(InterestSetRecordTest, ComesBackAsItWasWritten) {
  EXPECT_EQ(Read(Written(FullSet())), FullSet());
}

TEST(InterestSetRecordTest, AnEmptySetComesBack) {
  EXPECT_EQ(Read(Written(InterestSet())), InterestSet());
}

TEST(InterestSetRecordTest, EveryCutIsDataLoss) {
  const std::string whole = Written(FullSet());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(Read({cut.data(), cut.size()}), FailsWith(ErrorCode::kDataLoss, "")) << size;
  }
}

TEST(InterestSetRecordTest, DamageAtAnyByteGivesAnErrorOrASetOfKnownKinds) {
  const std::string whole = Written(FullSet());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned bit : {0U, 1U, 6U, 7U}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
      const auto set = Read(damaged);
      EXPECT_TRUE(!set.has_value() || IsWhole(*set)) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(InterestSetRecordTest, ARecordOfBeforeBrowsingIsRead) {
  BinaryWriter out;  // Version 2 without an interest and with a graph of one node.
  out.Unsigned(2);
  out.Signed(5);
  out.Unsigned(7);
  out.Unsigned(8);
  out.Unsigned(0);
  out.Unsigned(1);
  WriteNode(out, 2, "tent");
  out.Unsigned(0);
  ASSERT_OK_AND_ASSIGN(const InterestSet set, Read(std::move(out).str()));
  EXPECT_EQ(set.maker, 7U);
  EXPECT_EQ(set.inputs, 8U);
  EXPECT_TRUE(set.graph.FindNode(NodeKind::kSearch, "tent").has_value());
}

TEST(InterestSetRecordTest, AGraphNodeOfNoKindIsDataLoss) {
  for (const std::uint64_t kind : {0U, 6U, 256U + 2U}) {
    EXPECT_THAT(Read(RecordWithGraph([&](BinaryWriter& out) {
                  out.Unsigned(1);
                  WriteNode(out, kind, "x");
                  out.Unsigned(0);
                })),
                FailsWith(ErrorCode::kDataLoss, "damaged"))
        << kind;
  }
}

TEST(InterestSetRecordTest, AGraphNodeThatRepeatsIsDataLoss) {
  EXPECT_THAT(Read(RecordWithGraph([](BinaryWriter& out) {
                out.Unsigned(2);
                WriteNode(out, 2, "x");
                WriteNode(out, 2, "x");
                out.Unsigned(0);
              })),
              FailsWith(ErrorCode::kDataLoss, "damaged"));
}

TEST(InterestSetRecordTest, AnIllegalEdgeIsDataLoss) {
  const auto record = [](std::uint64_t from, std::uint64_t to, std::uint64_t relation) {
    return RecordWithGraph([=](BinaryWriter& out) {
      out.Unsigned(2);
      WriteNode(out, 3, "demand");
      WriteNode(out, 4, "category");
      out.Unsigned(1);
      WriteEdge(out, from, to, relation);
    });
  };
  EXPECT_THAT(Read(record(0, 1, 2)), IsOk());
  EXPECT_THAT(Read(record(1, 0, 2)), FailsWith(ErrorCode::kDataLoss, "edge"));
  EXPECT_THAT(Read(record(0, 2, 2)), FailsWith(ErrorCode::kDataLoss, "edge"));
  EXPECT_THAT(Read(record(0, 1, 9)), FailsWith(ErrorCode::kDataLoss, ""));
  EXPECT_THAT(Read(record(0, 1 + (1ULL << 32U), 2)), FailsWith(ErrorCode::kDataLoss, ""));
}

TEST(InterestSetRecordTest, ANewerVersionIsUnimplemented) {
  EXPECT_THAT(Read("\x04" + Written(FullSet()).substr(1)),
              FailsWith(ErrorCode::kUnimplemented, "version 4"));
}

TEST(InterestSetRecordTest, ARecordOfVersion1DoesNotKnowItsMaker) {
  BinaryWriter out;
  out.Unsigned(1);
  out.Signed(5);
  out.Unsigned(0);
  out.Unsigned(0);
  out.Unsigned(0);
  InterestSet expected;
  expected.created = TimePoint(Milliseconds(5));
  EXPECT_EQ(Read(out.str()), expected);
}

TEST(InterestSetRecordTest, AVersionThatNeverWasIsDataLoss) {
  EXPECT_THAT(Read(std::string(1, '\0') + Written(FullSet()).substr(1)),
              FailsWith(ErrorCode::kDataLoss, "damaged"));
}

}  // namespace
}  // namespace twohop
