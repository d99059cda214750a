// The lines of a transcript (see replay_client.h). Internal to twohop/llm.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop::llm_internal {

struct ChatExchange {
  std::string request;  // In the form of FormatRequest.
  ChatReply reply;
  double seconds = 0.0;  // That the reply took; 0 if the line does not say.
};

struct EmbeddedText {
  std::string model;
  std::string text;
  std::vector<float> vector;
};

// Every field as JSON, in one form: equal requests give equal texts, others give others. Bytes that
// are not UTF-8 are replaced.
std::string FormatRequest(const ChatRequest& request);

// `seconds` is what the reply took, if it is known.
Json ExchangeJson(const ChatRequest& request, const ChatReply& reply, double seconds = 0.0);
std::string FormatExchange(const ChatRequest& request, const ChatReply& reply);
std::string FormatEmbedding(const std::string& model, const std::string& text,
                            std::span<const float> vector);

// Nothing if the line is of the other kind.
//
// Errors: kInvalidArgument, naming the field.
Result<std::optional<ChatExchange>> ParseExchange(const Json& line);
Result<std::optional<EmbeddedText>> ParseEmbedding(const Json& line);

}  // namespace twohop::llm_internal
