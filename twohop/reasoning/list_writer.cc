#include "twohop/reasoning/list_writer.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/reasoning/reply_parser.h"

namespace twohop {

Result<WrittenList> ListWriter::Write(std::span<const PromptValue> values,
                                      const std::stop_token& stop) {
  std::string question;
  for (const PromptValue& value : values) question += fmt::format("{}\n", value.text);
  WrittenList list;
  if (Recall(question, list)) return list;
  TWOHOP_ASSIGN_OR_RETURN(list, Ask(values, stop));
  Remember(question, list);
  return list;
}

Result<WrittenList> ListWriter::Ask(std::span<const PromptValue> values,
                                    const std::stop_token& stop) const {
  ChatRequest request{.stage = prompt_.version(),
                      .messages = prompt_.Render(values),
                      .json_schema = options_.send_schema ? json_schema_ : std::string(),
                      .max_tokens = options_.max_reply_tokens,
                      .temperature = options_.temperature,
                      .presence_penalty = options_.presence_penalty,
                      .seed = options_.seed,
                      .use_adapter = options_.use_adapter};
  WrittenList list;
  for (std::uint32_t attempt = 0; attempt < options_.max_attempts; ++attempt) {
    TWOHOP_ASSIGN_OR_RETURN(const ChatReply reply, chat_.Complete(request, stop));
    list.usage += reply.usage;
    if (auto texts = ParseListReply(reply.text)) {
      list.texts = *std::move(texts);
      return list;
    }
    ++list.bad_replies;
    request.temperature = options_.retry_temperature;
    ++request.seed;
  }
  return list;
}

bool ListWriter::Recall(const std::string& question, WrittenList& list) const {
  MutexLock lock(mutex_);
  const auto found = known_.find(question);
  if (found == known_.end()) return false;
  list.texts = found->second;
  return true;
}

void ListWriter::Remember(const std::string& question, const WrittenList& list) {
  MutexLock lock(mutex_);
  if (cache_size_ == 0 || !known_.emplace(question, list.texts).second) return;
  by_age_.push_back(question);
  if (by_age_.size() <= cache_size_) return;
  known_.erase(by_age_.front());
  by_age_.pop_front();
}

}  // namespace twohop
