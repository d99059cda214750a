// What language models answer, into values. All of it is untrusted.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/interest_graph.h"

namespace twohop {

// What is longer or more than this is not part of any good answer.
struct ReplyLimits {
  std::size_t reply_bytes = 16384;
  std::size_t demands = 8;  // Of a reply.
  std::size_t categories_per_demand = 8;
  std::size_t text_bytes = 96;  // Of a demand or a category's name.
};

struct ProposedCategory {
  std::string name;  // Cleaned, not empty; as the model wrote it otherwise.
  EdgeRelation relation = EdgeRelation::kCoHyponym;  // May be illegal here.

  friend bool operator==(const ProposedCategory&, const ProposedCategory&) = default;
};

struct ProposedDemand {
  std::vector<std::size_t> searches;  // Positions in the prompt, from 0; at least one, each once.
  std::string text;                   // Cleaned, not empty.
  std::vector<ProposedCategory> categories;

  friend bool operator==(const ProposedDemand&, const ProposedDemand&) = default;
};

struct TwoHopReply {
  std::vector<ProposedDemand> demands;  // As the model ordered them.
  std::size_t rejected = 0;             // Demands and categories that were left out.

  friend bool operator==(const TwoHopReply&, const TwoHopReply&) = default;
};

// All readers accept one whole JSON value, in a code fence or not, with any text behind it. A reply
// that was cut off is an error unless the value in it is whole. Strings are cleaned as
// CleanSearch does; one longer than the limit is rejected, not cut. Pure functions, linear in the
// reply.

// {"need": "sleeping outdoors"}
//
// Errors: kInvalidArgument if the reply is too long, holds no such object, or the need is empty or
// too long.
Result<std::string> ParseDemandReply(std::string_view reply, const ReplyLimits& limits = {});

// {"demands": [{"from": [1, 2], "demand": "sleeping outdoors",
//               "categories": [{"name": "Headlamps", "relation": "hyponym"}]}]}
// where "from" counts the prompt's searches from 1 up to `search_count`. A demand or a category
// that is not in this form is left out and counted, and so is what exceeds the limits.
//
// Errors: kInvalidArgument if the reply is too long or holds no object with a list of demands.
Result<TwoHopReply> ParseTwoHopReply(std::string_view reply, std::size_t search_count,
                                     const ReplyLimits& limits = {});

// ["sleeping outdoors", "cooking without a kitchen"]
//
// The texts that are within the limits, cleaned, each once (as NormalizeName compares them); others
// are left out.
//
// Errors: kInvalidArgument if the reply is too long, holds no list, or no text of it is left.
Result<std::vector<std::string>> ParseListReply(std::string_view reply,
                                                const ReplyLimits& limits = {});

// The object or list at the front of `text`: up to the bracket that closes the first one, outside
// strings. Empty if it is not closed. What is inside is for the JSON parser to judge.
std::string_view LeadingJsonValue(std::string_view text);

// The JSON schemas of the replies, to constrain a server's decoding. Those of two hops depend
// on the number of searches.
std::string DemandReplySchema();
std::string TwoHopReplySchema(std::size_t search_count);
std::string TextListSchema();
// A list of some of `choices`. No schema can say "each once".
std::string ChoiceListSchema(std::span<const std::string> choices);

}  // namespace twohop
