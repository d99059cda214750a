// What a teacher said about one user: the raw material of fine-tuning.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/result.h"
#include "twohop/domain/interest_graph.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

struct TraceDemand {
  std::string text;
  std::vector<std::string> searches;  // The user's own, verbatim; at least one.

  friend bool operator==(const TraceDemand&, const TraceDemand&) = default;
};

struct TraceInterest {
  CategoryIndex category;
  std::size_t demand = 0;  // Position in Trace::demands.
  EdgeRelation relation = EdgeRelation::kCoHyponym;

  friend bool operator==(const TraceInterest&, const TraceInterest&) = default;
};

struct Trace {
  UserContext user;
  std::string reasoning;  // As the teacher put it; may be empty.
  std::vector<TraceDemand> demands;
  std::vector<TraceInterest> interests;  // Best first.
};

// Reads
//   {"user_id": "t1", "age_group": "45-54", "gender": "female", "clicked_level1": ["Pets"],
//    "searches": [{"query": "tent", "days_ago": 3}], "reasoning": "...",
//    "demands": [{"id": "d1", "text": "sleeping outdoors", "from": ["tent"]}],
//    "interests": [{"category": "Headlamps", "from": "d1", "relation": "hyponym"}]}
// age_group, gender, clicked_level1, reasoning and relation may be left out; other fields are
// ignored. Whether interests are novel is not checked here.
//
// Errors: kInvalidArgument, naming the field, if one is absent or of another type, a demand is from
// no search of the user, an interest is from no demand, or a category is not in the taxonomy.
Result<Trace> ParseTrace(const Json& json, const Taxonomy& taxonomy);

// What ParseTrace reads back.
Json TraceToJson(const Trace& trace, const Taxonomy& taxonomy);

// Errors: those of ForEachJsonLine.
Result<JsonlRows<Trace>> ReadTraces(const std::filesystem::path& path, const Taxonomy& taxonomy);

// The user of a trace or label: user_id, age_group, gender, searches, clicked_level1.
//
// Errors: as ParseTrace.
Result<UserContext> ParseUserContext(const Json& json);

}  // namespace twohop
