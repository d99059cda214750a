#include "twohop/distill/teacher.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/distill/trace_vote.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/user_text.h"

namespace twohop {
namespace {

// Between the answers about one user: more than anybody retries.
constexpr std::uint64_t kSeedsOfAnswer = 1000;

constexpr std::size_t kMaxExcerptBytes = 300;

// "# Kitchen", and below it for each level 2 a line as "Coffee: Mills; Kettles".
std::string DescribePart(const Taxonomy& taxonomy, Level1Index level1) {
  std::vector<std::pair<std::string, std::string>> groups;  // Name of level 2, labels.
  for (const CategoryIndex category : taxonomy.categories_of(level1)) {
    const std::string& level2 = taxonomy.at(category).level2;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& known) { return known.first == level2; });
    if (group == groups.end()) group = groups.insert(groups.end(), {level2, ""});
    group->second += (group->second.empty() ? "" : "; ") + taxonomy.label(category);
  }
  std::string part = fmt::format("# {}\n", taxonomy.level1_name(level1));
  for (const auto& [level2, labels] : groups) part += fmt::format("{}: {}\n", level2, labels);
  return part;
}

std::vector<std::string> DescribeParts(const Taxonomy& taxonomy) {
  std::vector<std::string> parts;
  for (std::uint32_t i = 0; i < taxonomy.level1_count(); ++i) {
    parts.push_back(DescribePart(taxonomy, Level1Index(i)));
  }
  return parts;
}

std::string ListSearches(const std::vector<RecentSearch>& searches) {
  std::string lines;
  for (const RecentSearch& search : searches) {
    lines += fmt::format("{}- {}, {} days ago", lines.empty() ? "" : "\n",
                         QuoteForPrompt(search.query), search.age.count());
  }
  return lines;
}

// The properties in the order in which a model should write them: reasoning first.
std::string AnswerSchema() {
  using OrderedJson = nlohmann::ordered_json;
  const OrderedJson text = {{"type", "string"}, {"minLength", 1}};
  const auto object = [](OrderedJson properties) {
    OrderedJson required = OrderedJson::array();
    for (const auto& property : properties.items()) required.push_back(property.key());
    return OrderedJson{{"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", std::move(required)},
                       {"additionalProperties", false}};
  };
  const auto list = [](OrderedJson items, std::size_t max_items) {
    return OrderedJson{
        {"type", "array"}, {"items", std::move(items)}, {"minItems", 1}, {"maxItems", max_items}};
  };
  const OrderedJson demand = object({{"id", text}, {"text", text}, {"from", list(text, 8)}});
  const OrderedJson interest =
      object({{"category", text},
              {"from", text},
              {"relation", {{"type", "string"}, {"enum", {"co_hyponym", "hyponym"}}}}});
  return object(
             {{"reasoning", text}, {"demands", list(demand, 3)}, {"interests", list(interest, 6)}})
      .dump();
}

}  // namespace

Result<Prompt> LoadTeacherPrompt(const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 4> kHoles{"categories", "profile", "known", "searches"};
  return Prompt::Load(folder, "teacher.v1", kHoles);
}

Teacher::Teacher(Prompt prompt, Blocklist blocklist, std::shared_ptr<const Taxonomy> taxonomy,
                 const TeacherOptions& options)
    : prompt_(std::move(prompt)),
      blocklist_(std::move(blocklist)),
      taxonomy_(std::move(taxonomy)),
      options_(options),
      parts_(DescribeParts(*taxonomy_)) {}

std::size_t Teacher::PromptBytes(const UserContext& user) const {
  const UserContext shown = Show(user);
  if (FindObstacle(shown)) return 0;
  std::size_t bytes = 0;
  for (const ChatMessage& message : Render(shown)) bytes += message.content.size();
  return bytes;
}

Result<TeacherAnswer> Teacher::Ask(const UserContext& user, ChatClient& chat, std::uint64_t seed,
                                   std::stop_token stop) const {
  TeacherAnswer answer;
  const UserContext shown = Show(user);
  if (const auto obstacle = FindObstacle(shown)) {
    answer.reject = *obstacle;
    return answer;
  }
  std::vector<Trace> traces;
  for (std::uint32_t i = 0; i < options_.answers; ++i) {
    TWOHOP_ASSIGN_OR_RETURN(TeacherAnswer one,
                            AskOnce(shown, chat, seed + i * kSeedsOfAnswer, stop));
    if (one.trace) traces.push_back(*std::move(one.trace));
    for (std::size_t k = 0; k < one.faults.size(); ++k) one.faults[k] += answer.faults[k];
    one.truncated += answer.truncated;
    answer = std::move(one);
  }
  if (traces.empty()) return answer;
  answer.trace = traces.size() == 1 ? std::move(traces.front()) : VoteOnTraces(traces);
  if (answer.trace->interests.size() < kMinTraceInterests) {
    answer.trace.reset();
    answer.reject = TraceReject::kTooFewInterests;
  }
  return answer;
}

Result<TeacherAnswer> Teacher::AskOnce(const UserContext& shown, ChatClient& chat,
                                       std::uint64_t seed, const std::stop_token& stop) const {
  TeacherAnswer answer;
  ChatRequest request{.stage = fmt::format("teacher {}", prompt_.version()),
                      .messages = Render(shown),
                      .json_schema = options_.send_schema ? AnswerSchema() : "",
                      .max_tokens = options_.max_reply_tokens,
                      .temperature = options_.temperature,
                      .seed = seed,
                      .use_adapter = false};
  TWOHOP_ASSIGN_OR_RETURN(ChatReply reply, chat.Complete(request, stop));
  if (reply.truncated) {
    ++answer.truncated;
    request.max_tokens *= 2;
    TWOHOP_ASSIGN_OR_RETURN(reply, chat.Complete(request, stop));
  }
  Judge(reply, shown, answer);
  return answer;
}

// Cleaned, because that is what a model is asked about when it is tuned, and when it is used.
UserContext Teacher::Show(const UserContext& user) const {
  UserContext shown = user;
  shown.searches.clear();
  std::unordered_set<std::string> seen;
  for (const RecentSearch& search : user.searches) {
    if (shown.searches.size() == options_.max_searches) break;
    if (blocklist_.Blocks(search.query)) continue;
    std::string clean = CleanSearch(search.query, options_.max_search_bytes);
    std::string normal = NormalizeName(clean);
    if (normal.empty() || !seen.insert(std::move(normal)).second) continue;
    shown.searches.push_back({.query = std::move(clean), .age = search.age});
  }
  return shown;
}

std::optional<TraceReject> Teacher::FindObstacle(const UserContext& shown) const {
  if (shown.searches.empty()) return TraceReject::kNoSearch;
  const std::vector<bool> known = MarkLevel1(*taxonomy_, shown.clicked_level1);
  const bool all = std::all_of(known.begin(), known.end(), [](bool one) { return one; });
  return all ? std::optional(TraceReject::kNothingNew) : std::nullopt;
}

std::vector<ChatMessage> Teacher::Render(const UserContext& shown) const {
  const std::vector<bool> known_level1 = MarkLevel1(*taxonomy_, shown.clicked_level1);
  const std::string categories = CategoriesOutside(known_level1);
  const std::string profile = ProfileText(shown.profile);
  const std::string known = Level1Text(*taxonomy_, known_level1, "none");
  const std::string searches = ListSearches(shown.searches);
  const std::array<PromptValue, 4> values{
      {{"categories", categories}, {"profile", profile}, {"known", known}, {"searches", searches}}};
  return prompt_.Render(values);
}

std::string Teacher::CategoriesOutside(const std::vector<bool>& known_level1) const {
  std::string categories;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!known_level1[i]) categories += parts_[i];
  }
  return std::string(Trim(categories));
}

void Teacher::Judge(const ChatReply& reply, const UserContext& shown, TeacherAnswer& answer) const {
  answer.model = reply.model;
  if (reply.truncated) {
    ++answer.truncated;
    answer.reject = TraceReject::kTruncated;
    return;
  }
  const auto json = FindTeacherAnswer(reply.text);
  if (!json) {
    answer.reject = TraceReject::kNoAnswer;
    const std::string excerpt = CleanSearch(reply.text, kMaxExcerptBytes);
    if (!blocklist_.Blocks(excerpt)) answer.excerpt = excerpt;
    return;
  }
  TraceReview review = ReviewTeacherAnswer(*json, reply.reasoning, shown, *taxonomy_, blocklist_);
  answer.faults = review.faults;
  if (review.reject) {
    answer.reject = *review.reject;
  } else {
    answer.trace = std::move(review.trace);
  }
}

}  // namespace twohop
