#include "twohop/simulate/community_rows.h"

#include <iterator>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/time_format.h"

namespace twohop::simulate_internal {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  AppendJsonString(out, value);
}

void AppendStrings(std::string& out, std::string_view name, std::span<const std::string> values) {
  out += ",\"";
  out += name;
  out += "\":[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, values[i]);
  }
  out += ']';
}

void AppendCategories(std::string& out, std::string_view name,
                      std::span<const CategoryIndex> categories, const Taxonomy& taxonomy) {
  std::vector<std::string> ids;
  for (const CategoryIndex category : categories) ids.push_back(taxonomy.at(category).id);
  AppendStrings(out, name, ids);
}

void AppendJoined(std::string& out, std::span<const std::string> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += '|';
    out += values[i];
  }
}

bool ShowsPlace(EventType type) {
  return type == EventType::kExposure || type == EventType::kClick;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendTaxonomyHeader(std::string& out) {
  out += "id\tlevel1\tlevel2\tlevel3\tzh\tterms\ttags\n";
}

void AppendCategoryRow(std::string& out, const Category& category) {
  for (const std::string* field : {&category.id, &category.level1, &category.level2,
                                   &category.level3, &category.alternative_name}) {
    out += *field;
    out += '\t';
  }
  AppendJoined(out, category.terms);
  out += '\t';
  AppendJoined(out, category.tags);
  out += '\n';
}

void AppendItemRow(std::string& out, const Item& item, const Taxonomy& taxonomy) {
  out += "{\"id\":";
  AppendJsonString(out, item.id.value());
  AppendField(out, "title", item.title);
  AppendField(out, "category", taxonomy.at(item.category).id);
  AppendField(out, "brand", item.brand);
  AppendStrings(out, "tags", item.tags);
  out += item.available ? ",\"available\":true}\n" : ",\"available\":false}\n";
}

void AppendUserRow(std::string& out, const UserProfile& user) {
  out += "{\"id\":";
  AppendJsonString(out, user.id.value());
  if (!user.age_group.empty()) AppendField(out, "age_group", user.age_group);
  if (!user.gender.empty()) AppendField(out, "gender", user.gender);
  out += "}\n";
}

void AppendTruthRow(std::string& out, const UserTruth& truth, const Taxonomy& taxonomy) {
  out += "{\"user\":";
  AppendJsonString(out, truth.user.value());
  AppendStrings(out, "lifestyles", truth.lifestyles);
  AppendCategories(out, "bubble", truth.bubble, taxonomy);
  AppendCategories(out, "hidden", truth.hidden, taxonomy);
  AppendCategories(out, "found", truth.found, taxonomy);
  out += "}\n";
}

void AppendEventRow(std::string& out, const EventFields& event) {
  out += "{\"id\":";
  AppendJsonString(out, event.id);
  AppendField(out, "user", event.user);
  AppendField(out, "type", EventTypeName(event.type));
  AppendField(out, "time", FormatTime(event.time));
  if (HasItem(event.type)) {
    AppendField(out, "item", event.item);
  } else {
    AppendField(out, "query", event.query);
  }
  const auto end = std::back_inserter(out);
  if (event.type == EventType::kDwell) fmt::format_to(end, ",\"dwell_ms\":{}", event.dwell.count());
  if (ShowsPlace(event.type)) {
    AppendField(out, "channel", event.channel);
    fmt::format_to(end, ",\"position\":{}", event.position);
  }
  out += "}\n";
}

}  // namespace twohop::simulate_internal
