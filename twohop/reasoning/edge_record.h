// One edge that all users share, with where it comes from, and the bytes it is stored as.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop {

// Which of the two hops an edge is of.
enum class EdgeHop : std::uint8_t {
  kSearch,  // Hop 1: from a search to the demands behind it.
  kDemand,  // Hop 2: from a demand to the categories that it calls for.
};

// Who says so. Where several speak of the same search or demand, the later enumerator wins.
enum class EdgeSource : std::uint8_t {
  kModel,    // The small model, while it reasoned for some user. Expires.
  kTeacher,  // A file of traces or demand edges.
  kHand,     // Somebody who corrected the others.
};

std::string_view EdgeSourceName(EdgeSource source);  // "model", "teacher", "hand"
std::optional<EdgeSource> FindEdgeSource(std::string_view name);

// What a record answers, and whose answer it is.
struct EdgeKey {
  EdgeHop hop = EdgeHop::kSearch;
  EdgeSource source = EdgeSource::kModel;
  std::string text{};  // NormalizeName of the search or demand; empty if the record is hidden.
  std::string segment = "*";     // kAnySegment or ProfileSegment.
  std::string hint{};            // AnswerQuestion::hint.
  std::string prompt_version{};  // Empty if no prompt was used.
  std::string model{};           // Empty if it is not known, or of no model.

  friend bool operator==(const EdgeKey&, const EdgeKey&) = default;
};

struct EdgeRecord {
  EdgeKey key;
  std::string text;                  // As somebody wrote it; empty if the record is hidden.
  std::vector<std::string> targets;  // Hop 1: demands. Hop 2: Category::id. Best first.
  std::vector<std::string> stretch;  // Hop 2: of categories that are called for weakly.
  // Hop 2: what holds for the demand with this text holds here, and `targets` only if that one is
  // gone. Of a demand that was renamed, or that means the same as one that was there.
  std::string same_as;
  bool merged = false;  // Hop 2: targets are another demand's, found by similarity.
  TimePoint time;       // When it was written.
  std::optional<TimePoint> expires;
  std::uint64_t uses = 0;  // How often it took the place of a call.
  // A hidden record is of a text that too few users have come with: who may read the store is shown
  // neither the text nor what was made of it. `askers` holds a byte for each of those users, hashed
  // from user, text and store; no byte can be traced back to one user or found again elsewhere.
  bool hidden = false;
  std::vector<std::uint8_t> askers;

  std::string id;  // Where the store keeps it; filled when it is read.

  // Leads nowhere: somebody took the edge away.
  bool removed() const { return targets.empty() && same_as.empty(); }
  bool expired(TimePoint now) const { return expires.has_value() && *expires <= now; }

  friend bool operator==(const EdgeRecord&, const EdgeRecord&) = default;
};

// What the store puts under an id. Fields of the id itself are not repeated.
std::string EncodeEdgeRecord(const EdgeRecord& record);

// The record that EncodeEdgeRecord wrote under `id`.
//
// Errors: kDataLoss if the bytes are damaged, naming the search or demand; kUnimplemented if a
// newer version wrote them.
Result<EdgeRecord> DecodeEdgeRecord(EdgeHop hop, std::string_view id, std::string_view bytes);

// Where a record is kept: its text, or `secret` in place of that, then the other fields. The ids of
// one text stand next to each other in the store.
std::string EdgeId(const EdgeKey& key);
std::string HiddenEdgeId(const EdgeKey& key, std::string_view secret);

// What all ids of this text begin with, and no others.
std::string EdgeIdPrefix(std::string_view text);
std::string HiddenEdgeIdPrefix(std::string_view secret);

// `secret` of HiddenEdgeId; nothing if the id is not of a hidden record.
std::optional<std::string_view> SecretOfEdgeId(std::string_view id);

// For people: `demand "keeping floors clean" (teacher)`.
std::string DescribeEdge(EdgeHop hop, std::string_view id);

// All fields but `askers` and `id`, times as FormatTime has them. A hidden record has neither text
// nor targets.
Json EdgeRecordToJson(const EdgeRecord& record);

}  // namespace twohop
