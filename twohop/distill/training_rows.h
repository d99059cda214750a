// Chat rows that fine-tuning learns the two hops from.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/base/rng.h"
#include "twohop/distill/trace.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/demand_edges.h"
#include "twohop/reasoning/prompt_set.h"

namespace twohop {

enum class TrainingTask : std::uint8_t {
  kHop1,    // One search and its category; the demands behind it as a JSON list.
  kHop2,    // One demand; the categories that it calls for as a JSON list of labels.
  kTwoHop,  // A whole user; both hops as ParseTwoHopReply reads them.
};
inline constexpr std::size_t kTrainingTaskCount = 3;

std::string_view TrainingTaskName(TrainingTask task);  // "two_hop"
std::optional<TrainingTask> FindTrainingTask(std::string_view name);

// What a row was made from.
enum class RowSource : std::uint8_t { kTraces, kEdges, kBoth };
inline constexpr std::size_t kRowSourceCount = 3;

std::string_view RowSourceName(RowSource source);  // "traces", "edges", "both"

struct TrainingSources {
  std::vector<Trace> traces;
  std::vector<DemandEdges> edges;
};

struct TrainingRow {
  TrainingTask task = TrainingTask::kHop1;
  RowSource source = RowSource::kTraces;
  // Whom or what is asked about: the search or the demand in the form of NormalizeName, or the id
  // of the user. Rows of one task and one subject ask the same question.
  std::string subject;
  // As inference sends them, and the assistant's reply as the last one.
  std::vector<ChatMessage> messages;
  std::vector<CategoryIndex> categories;  // That the row names, in its order.

  const std::string& question() const { return messages[messages.size() - 2].content; }
  const std::string& reply() const { return messages.back().content; }
};

struct RowOptions {
  std::vector<TrainingTask> tasks{TrainingTask::kHop1, TrainingTask::kHop2};
  std::size_t demands_per_search = 3;     // Of a hop 1 reply, at most.
  std::size_t categories_per_demand = 9;  // Of a hop 2 reply, at most.
  std::size_t orders = 2;                 // Hop 2 rows for a demand of the edges; at least 1.
  // How far an order strays from the ranking: above 0. At 3, the best category of ten stands in
  // front in three rows of ten.
  double tau = 3.0;
  std::size_t max_searches = 8;       // As TwoHopOptions: what inference does to a user's searches.
  std::size_t max_search_bytes = 80;  // As TwoHopOptions.
  std::uint64_t seed = 1;             // Same sources, options and seed: same rows.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// What gave no row. Searches and demands count once for every time they were looked at.
struct SkippedSources {
  std::size_t searches_without_category = 0;   // Neither a term nor a name of one; distinct ones.
  std::size_t unusable_demands = 0;            // Empty, or longer than a reply may name one.
  std::size_t demands_without_categories = 0;  // The teacher named none.
  std::size_t traces_without_answer = 0;       // No demand has a category that is new to the user.

  SkippedSources& operator+=(const SkippedSources& other);
};

struct TrainingRows {
  std::vector<TrainingRow> rows;
  SkippedSources skipped;
};

// The rows of all tasks in `options.tasks`, in the order of the sources; shuffling comes later.
//
// Hop 1: one row for every distinct search of a demand. Its demands are those of the traces in
// their order, then those of the edges, none twice.
//
// Hop 2: the categories of a demand are a set of which some belong further up, not a sequence, and
// a model that saw one fixed order would learn the order. Each row therefore shows an order drawn
// from the ranking (DrawOrder): options.orders rows for a demand of the edges, one for each demand
// of a trace, whose ranking is its interests in the order of the trace. What the model learns is a
// distribution over the set, in which its likeliest answer has the best categories first.
//
// Two hops: one row for every trace. Categories whose level-1 the user has clicked are left out, as
// the prompt asks.
//
// REQUIRES: options.Validate() is OK.
TrainingRows BuildTrainingRows(const TrainingSources& sources, const Taxonomy& taxonomy,
                               const PromptSet& prompts, const RowOptions& options);

// A random order of `ranking` (best first) by the model of Plackett and Luce with log-weights
// -rank / tau: each place is filled by one of the categories left, in proportion to its weight.
// Drawn by sorting log-weights plus Gumbel noise.
//
// REQUIRES: tau > 0.
std::vector<CategoryIndex> DrawOrder(std::span<const CategoryIndex> ranking, double tau, Rng& rng);

// The question of hop 2, as inference sends it.
std::vector<ChatMessage> AskForCategories(std::string_view demand, const PromptSet& prompts);

// The reply of hop 2: at most `limit` labels as a compact JSON list.
std::string CategoryListReply(std::span<const CategoryIndex> categories, const Taxonomy& taxonomy,
                              std::size_t limit);

// The demand on one line, as inference reads it in a reply; nothing if it is empty or longer than a
// reply may name one (ReplyLimits).
std::optional<std::string> UsableDemand(std::string_view text);

}  // namespace twohop
