// Rows of a community's files. They are formatted by hand: a JSON document per event would take
// most of the time of generating it.

#pragma once

#include <string>
#include <string_view>

#include "twohop/domain/catalog.h"
#include "twohop/domain/event.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/domain/user.h"
#include "twohop/simulate/truth.h"

namespace twohop::simulate_internal {

// Appends `text` as a JSON string with its quotes. REQUIRES: valid UTF-8.
void AppendJsonString(std::string& out, std::string_view text);

// Each appends one row with its newline, in the form of docs/formats.md. Fields that say nothing
// are left out.
void AppendTaxonomyHeader(std::string& out);
void AppendCategoryRow(std::string& out, const Category& category);
void AppendItemRow(std::string& out, const Item& item, const Taxonomy& taxonomy);
void AppendUserRow(std::string& out, const UserProfile& user);
void AppendTruthRow(std::string& out, const UserTruth& truth, const Taxonomy& taxonomy);

// An Event's fields without their strings being copied.
struct EventFields {
  std::string_view id;
  std::string_view user;
  EventType type = EventType::kSearch;
  TimePoint time;
  std::string_view item;
  std::string_view query;
  Milliseconds dwell{0};
  std::string_view channel;
  std::uint32_t position = 0;
};
void AppendEventRow(std::string& out, const EventFields& event);

}  // namespace twohop::simulate_internal
