#include <string>
#include <string_view>
#include <utility>

#include "twohop/base/json.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/openai_reply.h"
#include "twohop/llm/openai_transport.h"

namespace twohop {
namespace {

using llm_internal::ApiReply;
using llm_internal::OpenAiTransport;
using llm_internal::ParseChatReply;

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

class OpenAiChatClient final : public ChatClient {
 public:
  OpenAiChatClient(const Endpoint& endpoint, const Clock& clock, std::uint64_t jitter_seed,
                   TokenMeter& meter)
      : transport_(endpoint, clock, jitter_seed, meter) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(const Json body, RequestBody(transport_.endpoint(), request));
    TWOHOP_ASSIGN_OR_RETURN(const ApiReply answer,
                            transport_.Post("/chat/completions", body, stop));
    Result<ChatReply> reply = ParseChatReply(answer.body);
    std::size_t prompt_bytes = 0;
    for (const ChatMessage& message : request.messages) prompt_bytes += message.content.size();
    // An answer that makes no sense has been paid for all the same.
    const TokenUsage usage =
        transport_.Record(request.stage, answer, prompt_bytes,
                          reply ? reply->text.size() + reply->reasoning.size() : 0);
    if (!reply) return reply;
    reply->usage = usage;
    if (reply->model.empty()) reply->model = model();
    return reply;
  }

  std::string model() const override { return transport_.endpoint().model; }

 private:
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
