#include "twohop/distill/rubric_judge.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/user_text.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxReplyBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxReasonBytes = 400;
constexpr std::size_t kAttempts = 2;

std::string OrElse(std::string text, std::string_view if_empty) {
  return text.empty() ? std::string(if_empty) : std::move(text);
}

std::optional<Score> FindScore(const Json& object) {
  const auto value = OptionalInteger(object, "score", /*fallback=*/-1);
  if (!value.has_value() || *value < 0 || *value >= std::int64_t{kScoreCount}) return std::nullopt;
  return static_cast<Score>(*value);
}

}  // namespace

Result<RubricReply> ParseRubricReply(std::string_view reply) {
  if (reply.size() > kMaxReplyBytes) return InvalidArgument("the reply is too long");
  const std::size_t begin = reply.find('{');
  const std::size_t end = reply.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return InvalidArgument("the reply holds no JSON object");
  }
  TWOHOP_ASSIGN_OR_RETURN(const Json object, ParseJson(reply.substr(begin, end - begin + 1)));
  TWOHOP_ASSIGN_OR_RETURN(const std::string reason, RequireString(object, "reason"));
  const auto score = FindScore(object);
  if (!score) return InvalidArgument("field \"score\" is not 0, 1 or 2");
  return RubricReply{.score = *score, .reason = CleanSearch(reason, kMaxReasonBytes)};
}

std::string RubricReplySchema() {
  // Ordered, because models write properties in the order of the schema.
  using OrderedJson = nlohmann::ordered_json;
  const OrderedJson properties = {{"reason", {{"type", "string"}, {"minLength", 1}}},
                                  {"score", {{"type", "integer"}, {"enum", {0, 1, 2}}}}};
  return OrderedJson{{"type", "object"},
                     {"properties", properties},
                     {"required", {"reason", "score"}},
                     {"additionalProperties", false}}
      .dump();
}

Result<Prompt> LoadRubricPrompt(const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 5> kHoles{"profile", "known", "searches", "demand",
                                                   "category"};
  return Prompt::Load(folder, "rubric.v1", kHoles);
}

RubricJudge::RubricJudge(Prompt prompt, Blocklist blocklist,
                         std::shared_ptr<const Taxonomy> taxonomy, const RubricOptions& options)
    : prompt_(std::move(prompt)),
      blocklist_(std::move(blocklist)),
      taxonomy_(std::move(taxonomy)),
      options_(options) {}

Result<RubricVerdict> RubricJudge::Ask(const UserContext& user, CategoryIndex category,
                                       std::string_view demand, ChatClient& chat,
                                       std::stop_token stop) const {
  ChatRequest request{.stage = fmt::format("judge {}", prompt_.version()),
                      .messages = Render(user, category, demand),
                      .json_schema = options_.send_schema ? RubricReplySchema() : std::string(),
                      .max_tokens = options_.max_reply_tokens,
                      .temperature = options_.temperature,
                      .seed = options_.seed,
                      .use_adapter = false};
  RubricVerdict verdict;
  for (std::size_t attempt = 0; attempt < kAttempts; ++attempt) {
    TWOHOP_ASSIGN_OR_RETURN(const ChatReply reply, chat.Complete(request, stop));
    verdict.usage += reply.usage;
    // What was cut may look whole: a first thought, corrected further down.
    auto read = ParseRubricReply(reply.text);
    if (read.has_value() && !reply.truncated) {
      verdict.score = read->score;
      if (!blocklist_.Blocks(read->reason)) verdict.reason = std::move(read->reason);
      return verdict;
    }
    if (reply.truncated) request.max_tokens *= 2;
    request.temperature = options_.retry_temperature;
    ++request.seed;
  }
  return verdict;
}

std::vector<ChatMessage> RubricJudge::Render(const UserContext& user, CategoryIndex category,
                                             std::string_view demand) const {
  const std::string profile = ProfileText(user.profile);
  const std::string known =
      Level1Text(*taxonomy_, MarkLevel1(*taxonomy_, user.clicked_level1), "none");
  const std::string searches = DescribeSearches(user);
  const std::string described_demand = DescribeDemand(demand);
  const std::string path = taxonomy_->path(category);
  const std::array<PromptValue, 5> values{{{"profile", profile},
                                           {"known", known},
                                           {"searches", searches},
                                           {"demand", described_demand},
                                           {"category", path}}};
  return prompt_.Render(values);
}

std::string RubricJudge::DescribeSearches(const UserContext& user) const {
  std::vector<RecentSearch> may_be_shown;
  for (const RecentSearch& search : user.searches) {
    if (!blocklist_.Blocks(search.query)) may_be_shown.push_back(search);
  }
  std::string lines;
  for (const std::string& search :
       CleanSearches(may_be_shown, options_.max_searches, options_.max_search_bytes)) {
    lines += fmt::format("{}- {}", lines.empty() ? "" : "\n", QuoteForPrompt(search));
  }
  return OrElse(std::move(lines), "none");
}

std::string RubricJudge::DescribeDemand(std::string_view demand) const {
  const std::string clean = CleanSearch(demand, options_.max_demand_bytes);
  if (clean.empty() || blocklist_.Blocks(clean)) return "not given";
  return QuoteForPrompt(clean);
}

}  // namespace twohop
