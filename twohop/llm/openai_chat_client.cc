#include <string>
#include <string_view>
#include <utility>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/openai_transport.h"
#include "twohop/llm/prompt_redaction.h"

namespace twohop {
namespace {

using llm_internal::ApiReply;
using llm_internal::OpenAiTransport;

// llama.cpp answers 200 to a schema that is a string, and ignores it: it must be sent as an object.
Result<Json> ResponseFormat(const std::string& schema_text) {
  Result<Json> schema = ParseJson(schema_text);
  if (!schema) return Annotate(schema, "ChatRequest::json_schema");
  if (!schema->is_object()) {
    return InvalidArgument("ChatRequest::json_schema is not a JSON object");
  }
  return Json{
      {"type", "json_schema"},
      {"json_schema", {{"name", "reply"}, {"strict", true}, {"schema", *std::move(schema)}}}};
}

Result<Json> RequestBody(const Endpoint& endpoint, const ChatRequest& request) {
  Json body{{"model", endpoint.model},
            {"messages", Json::array()},
            {"max_tokens", request.max_tokens},
            {"temperature", request.temperature},
            {"seed", request.seed},
            {"stream", false}};
  if (request.presence_penalty != 0.0F) body["presence_penalty"] = request.presence_penalty;
  for (const ChatMessage& message : request.messages) {
    body["messages"].push_back(
        {{"role", ChatRoleName(message.role)}, {"content", message.content}});
  }
  if (!request.json_schema.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(body["response_format"], ResponseFormat(request.json_schema));
  }
  if (endpoint.adapter_id) {
    body["lora"] =
        Json::array({{{"id", *endpoint.adapter_id}, {"scale", request.use_adapter ? 1.0 : 0.0}}});
  }
  return body;
}

// The value at `key` if `json` is an object that has it, else null.
const Json& At(const Json& json, const char* key) {
  static const Json null;
  if (!json.is_object()) return null;
  const auto it = json.find(key);
  return it == json.end() ? null : *it;
}

std::string StringOr(const Json& json, std::string fallback) {
  return json.is_string() ? json.get<std::string>() : std::move(fallback);
}

// Moves a leading <think>...</think> from the text to the reasoning. One that does not end is a
// reply that was cut while the model was still thinking.
void SplitThinking(ChatReply& reply) {
  constexpr std::string_view kBegin = "<think>";
  constexpr std::string_view kEnd = "</think>";
  const std::string_view text = Trim(reply.text);
  if (!text.starts_with(kBegin)) return;
  const std::size_t end = text.find(kEnd);
  const std::string_view thought = text.substr(0, end).substr(kBegin.size());
  if (!reply.reasoning.empty()) reply.reasoning += '\n';
  reply.reasoning += Trim(thought);
  reply.text = end == std::string_view::npos ? "" : Trim(text.substr(end + kEnd.size()));
}

Result<ChatReply> ParseReply(const Json& body) {
  const Json& choices = At(body, "choices");
  if (!choices.is_array() || choices.empty()) {
    return Internal("the model server's answer has no choices");
  }
  const Json& message = At(choices[0], "message");
  const Json& content = At(message, "content");
  // Content is null when all went into reasoning.
  if (!message.is_object() || !(content.is_string() || content.is_null())) {
    return Internal("the model server's answer has no text in choices[0].message.content");
  }
  ChatReply reply{.text = StringOr(content, ""),
                  .reasoning = StringOr(At(message, "reasoning_content"), ""),
                  .truncated = At(choices[0], "finish_reason") == "length",
                  .usage = {},
                  .model = StringOr(At(body, "model"), "")};
  return reply;
}

class OpenAiChatClient final : public ChatClient {
 public:
  OpenAiChatClient(const Endpoint& endpoint, const Clock& clock, std::uint64_t jitter_seed,
                   TokenMeter& meter)
      : transport_(endpoint, clock, jitter_seed, meter) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    Result<ChatReply> reply = Ask(request, std::move(stop));
    if (reply.has_value()) return reply;
    return tl::unexpected<Error>(
        Error(reply.error().code(), WithoutPrompt(reply.error().message(), request)));
  }

  std::string model() const override { return transport_.endpoint().model; }

 private:
  Result<ChatReply> Ask(const ChatRequest& request, std::stop_token stop) {
    TWOHOP_ASSIGN_OR_RETURN(const Json body, RequestBody(transport_.endpoint(), request));
    TWOHOP_ASSIGN_OR_RETURN(const ApiReply answer,
                            transport_.Post("/chat/completions", body, stop));
    Result<ChatReply> reply = ParseReply(answer.body);
    std::size_t prompt_bytes = 0;
    for (const ChatMessage& message : request.messages) prompt_bytes += message.content.size();
    // An answer that makes no sense has been paid for all the same.
    const TokenUsage usage =
        transport_.Record(request.stage, answer, prompt_bytes,
                          reply ? reply->text.size() + reply->reasoning.size() : 0);
    if (!reply) return reply;
    reply->usage = usage;
    if (reply->model.empty()) reply->model = model();
    SplitThinking(*reply);
    return reply;
  }

  OpenAiTransport transport_;
};

}  // namespace

Result<std::unique_ptr<ChatClient>> MakeOpenAiChatClient(const Endpoint& endpoint,
                                                         const Clock& clock,
                                                         std::uint64_t jitter_seed,
                                                         TokenMeter& meter) {
  TWOHOP_RETURN_IF_ERROR(endpoint.Validate());
  return std::make_unique<OpenAiChatClient>(endpoint, clock, jitter_seed, meter);
}

}  // namespace twohop
