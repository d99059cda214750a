#include "twohop/reasoning/demand_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"
#include "twohop/reasoning/profile_segment.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, 34> kEmptyWords{
    "a",    "an",     "and", "at",      "best",  "buy",  "buying", "find", "finding",
    "for",  "from",   "get", "getting", "good",  "have", "having", "in",   "is",
    "make", "making", "my",  "need",    "needs", "new",  "of",     "on",   "or",
    "the",  "to",     "use", "using",   "want",  "with", "your"};

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<std::string> ContentWords(std::string_view text) {
  const std::string normal = NormalizeName(text);
  std::vector<std::string> words;
  for (const std::string_view word : Split(normal, ' ')) {
    if (word.empty()) continue;
    if (std::find(kEmptyWords.begin(), kEmptyWords.end(), word) != kEmptyWords.end()) continue;
    words.emplace_back(word);
  }
  return words;
}

bool RepeatsSearch(std::string_view demand, std::string_view search) {
  const std::vector<std::string> said = ContentWords(demand);
  const std::vector<std::string> known = ContentWords(search);
  return std::all_of(said.begin(), said.end(),
                     [&](const std::string& word) { return Contains(known, word); });
}

bool QuotesSearch(std::string_view demand, std::string_view search) {
  constexpr std::size_t kRunWords = 4;
  const std::string said = NormalizeName(demand);
  const std::string known = fmt::format(" {} ", NormalizeName(search));
  if (!said.empty() && known.find(said) != std::string::npos) return true;
  const std::vector<std::string_view> words = Split(said, ' ');
  for (std::size_t i = 0; i + kRunWords <= words.size(); ++i) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    const std::string run =
        fmt::format(" {} ", fmt::join(first, first + static_cast<std::ptrdiff_t>(kRunWords), " "));
    if (known.find(run) != std::string::npos) return true;
  }
  return false;
}

Result<WrittenDemand> DemandWriter::Write(const std::string& search, std::string_view category,
                                          const UserProfile& user, std::stop_token stop) {
  const AnswerQuestion question{.hop = EdgeHop::kSearch,
                                .text = NormalizeName(search),
                                .segment = SegmentOf(prompt_, user),
                                .hint = std::string(category),
                                .prompt_version = prompt_.version(),
                                .model = chat_.model(),
                                .uses_adapter = options_.use_adapter,
                                .asker = user.id};
  TWOHOP_ASSIGN_OR_RETURN(WrittenList list,
                          once_.Get(
                              question, [&] { return Ask(search, category, stop); }, stop));
  WrittenDemand demand{.text = std::nullopt, .bad_replies = list.bad_replies, .usage = list.usage};
  if (!list.texts.empty()) demand.text = std::move(list.texts.front());
  return demand;
}

Result<WrittenList> DemandWriter::Ask(const std::string& search, std::string_view category,
                                      const std::stop_token& stop) const {
  const std::string quoted = QuoteForPrompt(search);
  const std::array<PromptValue, 2> values{{{"search", quoted}, {"category", category}}};
  ChatRequest request{.stage = fmt::format("hop1 {}", prompt_.version()),
                      .messages = prompt_.Render(values),
                      .json_schema = DemandReplySchema(),
                      .max_tokens = options_.max_reply_tokens,
                      .temperature = options_.temperature,
                      .seed = options_.seed,
                      .use_adapter = options_.use_adapter};
  WrittenList demand;
  for (std::uint32_t attempt = 0; attempt < options_.max_attempts; ++attempt) {
    TWOHOP_ASSIGN_OR_RETURN(const ChatReply reply, chat_.Complete(request, stop));
    demand.usage += reply.usage;
    if (auto text = ParseDemandReply(reply.text);
        text && !RepeatsSearch(*text, search) && !QuotesSearch(*text, search)) {
      demand.texts.push_back(*std::move(text));
      return demand;
    }
    ++demand.bad_replies;
    request.temperature = options_.retry_temperature;
    ++request.seed;
  }
  return demand;
}

}  // namespace twohop
