// What users do.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/binary.h"
#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

// Stored as numbers: never renumber.
enum class EventType : std::uint8_t {
  kSearch = 1,
  kExposure = 2,  // An item was shown.
  kClick = 3,
  kDwell = 4,  // Time spent on an item.
  kLike = 5,
  kComment = 6,
  kFavourite = 7,
  kShare = 8,
  kFollow = 9,     // Of the item's author or shop.
  kFeedback = 10,  // On a latent interest: the user said what they think of it.
};

// What a user says of a latent interest. Stored as numbers: never renumber.
enum class FeedbackVerdict : std::uint8_t {
  kAccept = 1,
  kReject = 2,            // Not this category.
  kNotThisDirection = 3,  // Not the demand that led to it.
};

// "search", "exposure", …
std::string_view EventTypeName(EventType type);
std::optional<EventType> FindEventType(std::string_view name);

// "accept", "reject", "not_this_direction"
std::string_view FeedbackVerdictName(FeedbackVerdict verdict);

// Errors: kInvalidArgument, naming the text and the verdicts that there are.
Result<FeedbackVerdict> ParseFeedbackVerdict(std::string_view name);

// True for every type but search and feedback: it happens to an item.
bool HasItem(EventType type);

// One thing that one user did. `id` is unique in the community: an event with an id that was seen
// before is the same event, delivered again.
struct Event {
  EventId id;
  UserId user;
  EventType type = EventType::kSearch;
  TimePoint time;              // When the user acted.
  TimePoint received;          // When it reached us; never before its import or request.
  ItemId item;                 // Empty unless HasItem.
  std::string query;           // Of a search; empty otherwise.
  Milliseconds dwell{0};       // Of kDwell.
  std::string channel;         // That brought the item, for exposures and clicks; may be empty.
  std::uint32_t position = 0;  // On the page, from 0, for exposures and clicks.

  // Of kFeedback; the rest have the defaults.
  std::string category_id;  // Category::id of the interest.
  std::string demand;       // That led to it; empty if not known.
  FeedbackVerdict verdict = FeedbackVerdict::kAccept;

  friend bool operator==(const Event&, const Event&) = default;
};

// The record's form in the log; see docs/formats.md.
void WriteEvent(const Event& event, BinaryWriter& out);

// Errors: kDataLoss if the bytes are visibly damaged (a changed letter inside a text is not);
// kUnimplemented if a newer version wrote them.
Result<Event> ReadEvent(BinaryReader& in);

}  // namespace twohop
