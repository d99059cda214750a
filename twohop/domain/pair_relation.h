// Whether a user's searches lead to a category as a latent interest: by which paths, or why not.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// A click as far as it says what is known to a user.
struct Level1Click {
  ItemId item;
  std::string level1;  // Name; empty if the catalogue did not know the item.
  TimePoint time;

  friend bool operator==(const Level1Click&, const Level1Click&) = default;
};

// What is asked. All of it is borrowed for the call.
struct PairQuestion {
  const Taxonomy& taxonomy;
  CategoryIndex category;
  const InterestSet* interests = nullptr;  // Null: reasoning has not succeeded yet.
  std::span<const Level1Click> clicks;     // The last ones, newest first.
};

// Why there is no relation; of several the first one that holds.
enum class NoRelation : std::uint8_t {
  kNotNovel,     // Its level-1 category is among the clicks: known, so not latent.
  kNoInterests,  // Nothing is stored yet.
  kCut,          // A path leads there, and reasoning has taken it out of the interests.
  kNotReached,   // Interests are stored, or none stood, and no path leads there.
};

std::string_view NoRelationName(NoRelation reason);  // "not_novel"

// What reasoning says for a path.
struct PathEvidence {
  float confidence = 0.0F;  // As in LatentInterest, and so on.
  std::uint32_t votes = 1;
  std::uint32_t voters = 1;
  Grounding grounding = Grounding::kExact;
  Provenance provenance;

  friend bool operator==(const PathEvidence&, const PathEvidence&) = default;
};

// Three nodes and two edges of the stored graph: v1 -hypernym-> v2 -relation-> v3.
struct RelationPath {
  NodeKind source_kind = NodeKind::kSearch;  // Or kProfile or kBrowsing.
  std::string source;                        // v1.
  std::string demand;                        // v2.
  EdgeRelation relation = EdgeRelation::kCoHyponym;
  // Of the stored interest in the category, the one that names this demand if there are several;
  // nothing where the category was cut.
  std::optional<PathEvidence> evidence;

  friend bool operator==(const RelationPath&, const RelationPath&) = default;
};

// The clicks that make a category known.
struct KnownByClicks {
  std::size_t count = 0;    // Clicks in its level-1 category ...
  std::size_t of = 0;       // ... among so many.
  Level1Click newest;       // Of the former.
  bool since_then = false;  // All of them are newer than the interests: it was new when proposed.

  friend bool operator==(const KnownByClicks&, const KnownByClicks&) = default;
};

// What a stored interest and the category that was asked for have in common, nearest first.
enum class Kinship : std::uint8_t { kSameDemand, kSameLevel2, kSameLevel1 };

std::string_view KinshipName(Kinship kinship);  // "same_level2"

struct NearInterest {
  std::string category_id;
  std::string label;
  Kinship kinship = Kinship::kSameLevel1;
  float confidence = 0.0F;
  std::string path;  // PathInWords.

  friend bool operator==(const NearInterest&, const NearInterest&) = default;
};

struct PairRelation {
  std::string category_id;
  std::string label;
  std::string level1;

  bool related() const { return !reason.has_value(); }
  std::optional<NoRelation> reason;

  // Every path of the graph to the category, whatever `reason` says; at least one if related.
  std::vector<RelationPath> paths;
  std::optional<KnownByClicks> clicks;  // There if and only if the category is not novel.
  // If there is no relation: the other interests that are near, at most five, by kinship and then
  // most confident first.
  std::vector<NearInterest> nearest;
  std::optional<TimePoint> created;  // Of the interests.
  std::size_t interest_count = 0;    // That are stored.

  friend bool operator==(const PairRelation&, const PairRelation&) = default;
};

// A pure function of the question. Interests are told apart by Taxonomy::FindById, so that one in
// an alias of the category is one in the category.
//
// REQUIRES: the category is of the taxonomy.
PairRelation RelatePair(const PairQuestion& question);

// RelatePair for the category of every stored interest, in their order, each once; without those
// that the taxonomy does not have any more. `clicks` are the last ones, newest first.
std::vector<PairRelation> RelateAllInterests(const Taxonomy& taxonomy, const InterestSet& interests,
                                             std::span<const Level1Click> clicks);

// "searched "tent" → sleeping outdoors → Headlamps".
std::string RelationPathInWords(const RelationPath& path, std::string_view category_label);

// The answer in a sentence, without the paths.
std::string RelationInWords(const PairRelation& relation);

}  // namespace twohop
