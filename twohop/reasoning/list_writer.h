// Asking the tuned small model for a list of texts.

#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/ask_once.h"
#include "twohop/reasoning/demand_writer.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

// Asks one prompt again and again with other values. The same question costs one call: who asks it
// later, or at the same time, gets the same answer, whichever user it is for.
//
// Thread-safe. `chat` and `prompt` must outlive the writer.
class ListWriter {
 public:
  // `json_schema` is of a list of texts.
  ListWriter(ChatClient& chat, const Prompt& prompt, std::string json_schema, AskOptions options,
             std::shared_ptr<AnswerCache> answers)
      : chat_(chat),
        prompt_(prompt),
        json_schema_(std::move(json_schema)),
        options_(options),
        once_(std::move(answers)) {}

  // `question` says what `values` come to; prompt and model are filled in here.
  //
  // REQUIRES: `values` fills every hole of the prompt; equal questions have equal values, but for
  // what NormalizeName takes away.
  //
  // Errors: those of ChatClient::Complete; kCancelled.
  Result<WrittenList> Write(AnswerQuestion question, std::span<const PromptValue> values,
                            const std::stop_token& stop);

 private:
  Result<WrittenList> Ask(std::span<const PromptValue> values, const std::stop_token& stop) const;

  ChatClient& chat_;
  const Prompt& prompt_;
  const std::string json_schema_;
  const AskOptions options_;
  AskOnce once_;
};

}  // namespace twohop
