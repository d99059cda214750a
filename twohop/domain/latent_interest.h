// A category that a user has not shown interest in and is likely to want, and why.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "twohop/base/binary.h"
#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/interest_graph.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// Who said so: enough to tell which change made interests better or worse.
struct Provenance {
  std::string model;           // As the server names it.
  std::string prompt_version;  // "two_hop.v1"
  std::string strategy;        // "demand_search"
  std::uint64_t seed = 0;
  TimePoint time;
  std::uint64_t taxonomy = 0;  // Taxonomy::fingerprint().

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

// How a name that a model wrote became a category of the taxonomy.
enum class Grounding : std::uint8_t {
  kExact = 1,    // The model named the category.
  kNearest = 2,  // The model named something close to it.
  kDemand = 3,   // The model named the demand alone; the taxonomy was searched for it.
};

std::string_view GroundingName(Grounding grounding);  // "exact", "nearest", "demand"

// One path through the user's graph, with what is needed to serve it and to explain it.
struct LatentInterest {
  std::string category_id;     // Category::id.
  std::string category_label;  // Taxonomy::label at the time.
  std::string level1;          // Name of the level-1 category; new to the user when proposed.

  // v1: at least one search or category browsed, or else a cohort.
  std::vector<std::string> searches;
  std::vector<std::string> browsed = {};  // Labels of categories that the user looked at.
  std::string cohort =
      {};              // Whose interest it is, of a user who gave no other reason: "25-34, female".
  std::string demand;  // v2.
  EdgeRelation relation = EdgeRelation::kCoHyponym;  // v2 -> v3.

  Grounding grounding = Grounding::kExact;
  float similarity = 1.0F;   // Cosine of the grounding, in [-1, 1]; 1 for kExact.
  float confidence = 0.0F;   // In [0, 1]; larger is surer. Orders interests, not calibrated.
  std::uint32_t votes = 1;   // Agents that proposed it ...
  std::uint32_t voters = 1;  // ... of how many.
  Provenance provenance;
  std::vector<float> embedding;  // [T], L2 norm 1: the text vector that conditions the user tower.

  friend bool operator==(const LatentInterest&, const LatentInterest&) = default;
};

// All that reasoning found out about one user at one time.
struct InterestSet {
  std::vector<LatentInterest> interests;  // Most confident first; may be empty.
  InterestGraph graph;                    // Every interest is a path in it.
  TimePoint created;

  // What it was made by and from, also where it is empty; equal ones need not be asked again.
  // 0: not known.
  std::uint64_t maker = 0;   // Fingerprint of model, prompt, strategy and taxonomy.
  std::uint64_t inputs = 0;  // Fingerprint of what reasoning looked at.

  friend bool operator==(const InterestSet&, const InterestSet&) = default;
};

// The path in words: "searched "tent for two" → sleeping outdoors → Headlamps & Flashlights",
// "looked at Road Bikes → …", "others (25-34, female) → …".
std::string PathInWords(const LatentInterest& interest);

// The record's form in the store; see docs/formats.md.
void WriteInterestSet(const InterestSet& set, BinaryWriter& out);

// Errors: kDataLoss if the bytes are visibly damaged (a changed letter inside a text is not);
// kUnimplemented if a newer version wrote them.
Result<InterestSet> ReadInterestSet(BinaryReader& in);

}  // namespace twohop
