#include "twohop/reasoning/list_writer.h"

#include <utility>

#include "twohop/reasoning/reply_parser.h"

namespace twohop {

Result<WrittenList> ListWriter::Write(AnswerQuestion question, std::span<const PromptValue> values,
                                      const std::stop_token& stop) {
  question.prompt_version = prompt_.version();
  question.model = chat_.model();
  question.uses_adapter = options_.use_adapter;
  return once_.Get(
      question, [&] { return Ask(values, stop); }, stop);
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

}  // namespace twohop
