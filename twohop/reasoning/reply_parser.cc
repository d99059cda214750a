#include "twohop/reasoning/reply_parser.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

// Of a list of choices: what the training data of hop 2 have at most, and most of them at least.
constexpr std::size_t kMaxChoices = 9;
constexpr std::size_t kMinChoices = 4;

// Drops an opening "```json" line.
std::string_view WithoutFence(std::string_view reply) {
  reply = Trim(reply);
  if (!reply.starts_with("```")) return reply;
  const std::size_t end = reply.find('\n');
  return end == std::string_view::npos ? std::string_view() : Trim(reply.substr(end + 1));
}

// `opening` is the bracket that the value begins with.
Result<Json> ReadValue(std::string_view reply, char opening, const ReplyLimits& limits) {
  if (reply.size() > limits.reply_bytes) {
    return InvalidArgument(
        fmt::format("the reply has {} bytes, more than {}", reply.size(), limits.reply_bytes));
  }
  const std::string_view text = WithoutFence(reply);
  if (!text.starts_with(opening)) {
    return InvalidArgument(
        fmt::format("the reply does not begin with a JSON {}", opening == '{' ? "object" : "list"));
  }
  const std::string_view value = LeadingJsonValue(text);
  if (value.empty()) return InvalidArgument("the reply's JSON value is not whole");
  return ParseJson(value);
}

// Nothing if the text cannot be shown or is too long.
std::optional<std::string> CleanText(const std::string& text, const ReplyLimits& limits) {
  if (text.size() > limits.text_bytes) return std::nullopt;
  std::string clean = CleanSearch(text, limits.text_bytes);
  if (NormalizeName(clean).empty()) return std::nullopt;
  return clean;
}

std::optional<std::string> FindText(const Json& object, std::string_view field,
                                    const ReplyLimits& limits) {
  const auto value = RequireString(object, field);
  if (!value) return std::nullopt;
  return CleanText(*value, limits);
}

const Json* FindArray(const Json& object, std::string_view field) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(field);
  return found == object.end() || !found->is_array() ? nullptr : &*found;
}

// Nothing unless every element counts a search.
std::optional<std::vector<std::size_t>> FindSearches(const Json& demand, std::size_t search_count) {
  const Json* from = FindArray(demand, "from");
  if (from == nullptr || from->empty()) return std::nullopt;
  std::vector<std::size_t> searches;
  for (const Json& number : *from) {
    if (!number.is_number_unsigned()) return std::nullopt;
    const auto position = number.get<std::uint64_t>();
    if (position == 0 || position > search_count) return std::nullopt;
    const auto index = static_cast<std::size_t>(position - 1);
    if (std::find(searches.begin(), searches.end(), index) == searches.end()) {
      searches.push_back(index);
    }
  }
  return searches;
}

std::optional<ProposedCategory> FindCategory(const Json& entry, const ReplyLimits& limits) {
  auto name = FindText(entry, "name", limits);
  const auto relation = RequireString(entry, "relation");
  if (!name || !relation) return std::nullopt;
  const auto known = FindEdgeRelation(*relation);
  if (!known) return std::nullopt;
  return ProposedCategory{.name = *std::move(name), .relation = *known};
}

std::optional<ProposedDemand> FindDemand(const Json& entry, std::size_t search_count,
                                         const ReplyLimits& limits, std::size_t& rejected) {
  auto text = FindText(entry, "demand", limits);
  auto searches = FindSearches(entry, search_count);
  const Json* categories = FindArray(entry, "categories");
  if (!text || !searches || categories == nullptr) return std::nullopt;
  ProposedDemand demand{
      .searches = *std::move(searches), .text = *std::move(text), .categories = {}};
  for (const Json& element : *categories) {
    auto category = FindCategory(element, limits);
    if (category && demand.categories.size() < limits.categories_per_demand) {
      demand.categories.push_back(*std::move(category));
    } else {
      ++rejected;
    }
  }
  return demand;
}

// Servers that constrain decoding write the properties in this order, so it decides what the model
// has said before it says the next thing.
using OrderedJson = nlohmann::ordered_json;

OrderedJson TextSchema(std::size_t max_length) {
  return {{"type", "string"}, {"minLength", 3}, {"maxLength", max_length}};
}

OrderedJson ObjectSchema(OrderedJson properties) {
  OrderedJson required = OrderedJson::array();
  for (const auto& property : properties.items()) required.push_back(property.key());
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

OrderedJson ArraySchema(OrderedJson items, std::size_t max_items) {
  return {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}, {"maxItems", max_items}};
}

}  // namespace

std::string_view LeadingJsonValue(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return text.substr(0, i + 1);
  }
  return {};
}

Result<std::string> ParseDemandReply(std::string_view reply, const ReplyLimits& limits) {
  TWOHOP_ASSIGN_OR_RETURN(const Json object, ReadValue(reply, '{', limits));
  auto need = FindText(object, "need", limits);
  if (!need) return InvalidArgument("the reply's \"need\" is missing, empty, too long or no text");
  return *std::move(need);
}

Result<TwoHopReply> ParseTwoHopReply(std::string_view reply, std::size_t search_count,
                                     const ReplyLimits& limits) {
  TWOHOP_ASSIGN_OR_RETURN(const Json object, ReadValue(reply, '{', limits));
  const Json* demands = FindArray(object, "demands");
  if (demands == nullptr) return InvalidArgument("the reply has no list \"demands\"");
  TwoHopReply parsed;
  for (const Json& entry : *demands) {
    auto demand = FindDemand(entry, search_count, limits, parsed.rejected);
    if (demand && parsed.demands.size() < limits.demands) {
      parsed.demands.push_back(*std::move(demand));
    } else {
      ++parsed.rejected;
    }
  }
  return parsed;
}

Result<std::vector<std::string>> ParseListReply(std::string_view reply, const ReplyLimits& limits) {
  TWOHOP_ASSIGN_OR_RETURN(const Json list, ReadValue(reply, '[', limits));
  std::vector<std::string> texts;
  std::unordered_set<std::string> seen;
  for (const Json& entry : list) {
    if (!entry.is_string()) continue;
    auto text = CleanText(entry.get_ref<const std::string&>(), limits);
    if (text && seen.insert(NormalizeName(*text)).second) texts.push_back(*std::move(text));
  }
  if (texts.empty()) return InvalidArgument("the reply's list holds no text");
  return texts;
}

std::string DemandReplySchema() {
  OrderedJson properties;
  properties["need"] = TextSchema(40);
  return ObjectSchema(std::move(properties)).dump();
}

std::string TwoHopReplySchema(std::size_t search_count) {
  OrderedJson category;
  category["name"] = TextSchema(60);
  category["relation"] = {{"type", "string"}, {"enum", {"co_hyponym", "hyponym"}}};
  const OrderedJson number{{"type", "integer"}, {"minimum", 1}, {"maximum", search_count}};
  OrderedJson demand;
  demand["from"] = ArraySchema(number, search_count);
  demand["demand"] = TextSchema(60);
  demand["categories"] = ArraySchema(ObjectSchema(std::move(category)), 4);
  OrderedJson reply;
  reply["demands"] = ArraySchema(ObjectSchema(std::move(demand)), 3);
  return ObjectSchema(std::move(reply)).dump();
}

std::string TextListSchema() { return ArraySchema(TextSchema(60), 3).dump(); }

std::string ChoiceListSchema(std::span<const std::string> choices) {
  OrderedJson schema = ArraySchema({{"type", "string"}, {"enum", choices}}, kMaxChoices);
  schema["minItems"] = std::min(kMinChoices, choices.size());
  return schema.dump();
}

}  // namespace twohop
