#include "twohop/llm/transcript.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/embeddings.h"

namespace twohop::llm_internal {
namespace {

constexpr const char* kChat = "chat";
constexpr const char* kEmbedding = "embedding";

Json RequestJson(const ChatRequest& request) {
  Json messages = Json::array();
  for (const ChatMessage& message : request.messages) {
    messages.push_back({{"role", ChatRoleName(message.role)}, {"content", message.content}});
  }
  Json json = {{"stage", request.stage},
               {"messages", std::move(messages)},
               {"json_schema", request.json_schema},
               {"max_tokens", request.max_tokens},
               {"temperature", request.temperature},
               {"seed", request.seed},
               {"use_adapter", request.use_adapter}};
  // Absent at its default, so that transcripts from before it existed still match.
  if (request.presence_penalty != 0.0F) json["presence_penalty"] = request.presence_penalty;
  return json;
}

Json ReplyJson(const ChatReply& reply) {
  return {{"text", reply.text},
          {"reasoning", reply.reasoning},
          {"truncated", reply.truncated},
          {"model", reply.model},
          {"prompt_tokens", reply.usage.prompt_tokens},
          {"completion_tokens", reply.usage.completion_tokens},
          {"calls", reply.usage.calls}};
}

Result<std::uint64_t> Count(const Json& object, std::string_view field) {
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t value, OptionalInteger(object, field, 0));
  if (value < 0) return InvalidArgument(fmt::format("field \"{}\" is below 0", field));
  return static_cast<std::uint64_t>(value);
}

Result<ChatReply> ParseReply(const Json& json) {
  ChatReply reply;
  TWOHOP_ASSIGN_OR_RETURN(reply.text, RequireString(json, "text"));
  TWOHOP_ASSIGN_OR_RETURN(reply.reasoning, OptionalString(json, "reasoning"));
  TWOHOP_ASSIGN_OR_RETURN(reply.truncated, OptionalBool(json, "truncated", false));
  TWOHOP_ASSIGN_OR_RETURN(reply.model, OptionalString(json, "model"));
  TWOHOP_ASSIGN_OR_RETURN(reply.usage.prompt_tokens, Count(json, "prompt_tokens"));
  TWOHOP_ASSIGN_OR_RETURN(reply.usage.completion_tokens, Count(json, "completion_tokens"));
  TWOHOP_ASSIGN_OR_RETURN(reply.usage.calls, Count(json, "calls"));
  return reply;
}

// Errors: kInvalidArgument if the line is of neither kind.
Result<bool> IsOfKind(const Json& line, std::string_view wanted) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string kind, RequireString(line, "kind"));
  if (kind != kChat && kind != kEmbedding) {
    return InvalidArgument("field \"kind\" must be \"chat\" or \"embedding\"");
  }
  return kind == wanted;
}

// The object at `field`; an empty one, which lacks every field, if there is none.
Json ObjectAt(const Json& line, const char* field) {
  const auto it = line.find(field);
  return it != line.end() && it->is_object() ? *it : Json::object();
}

}  // namespace

// The JSON library sorts the keys of objects, and writing and reading a float gives it back.
std::string FormatRequest(const ChatRequest& request) { return DumpJson(RequestJson(request)); }

Json ExchangeJson(const ChatRequest& request, const ChatReply& reply, double seconds) {
  Json line = {{"kind", kChat}, {"request", RequestJson(request)}, {"reply", ReplyJson(reply)}};
  if (seconds > 0.0) line["seconds"] = seconds;
  return line;
}

std::string FormatExchange(const ChatRequest& request, const ChatReply& reply) {
  return DumpJson(ExchangeJson(request, reply));
}

std::string FormatEmbedding(const std::string& model, const std::string& text,
                            std::span<const float> vector) {
  return DumpJson({{"kind", kEmbedding},
                   {"model", model},
                   {"text", text},
                   {"vector", std::vector<float>(vector.begin(), vector.end())}});
}

Result<std::optional<ChatExchange>> ParseExchange(const Json& line) {
  TWOHOP_ASSIGN_OR_RETURN(const bool is_chat, IsOfKind(line, kChat));
  if (!is_chat) return std::nullopt;
  const Json request = ObjectAt(line, "request");
  if (request.empty()) return InvalidArgument("field \"request\" must be an object");
  Result<ChatReply> reply = ParseReply(ObjectAt(line, "reply"));
  if (!reply) return Annotate(reply, "field \"reply\"");
  TWOHOP_ASSIGN_OR_RETURN(const double seconds, OptionalNumber(line, "seconds", 0.0));
  return ChatExchange{.request = DumpJson(request), .reply = *std::move(reply), .seconds = seconds};
}

Result<std::optional<EmbeddedText>> ParseEmbedding(const Json& line) {
  TWOHOP_ASSIGN_OR_RETURN(const bool is_embedding, IsOfKind(line, kEmbedding));
  if (!is_embedding) return std::nullopt;
  EmbeddedText entry;
  TWOHOP_ASSIGN_OR_RETURN(entry.model, RequireString(line, "model"));
  TWOHOP_ASSIGN_OR_RETURN(entry.text, RequireString(line, "text"));
  const auto vector = line.find("vector");
  if (vector == line.end() || !vector->is_array() || vector->empty()) {
    return InvalidArgument("field \"vector\" must be an array of numbers");
  }
  for (const Json& value : *vector) {
    if (!value.is_number()) return InvalidArgument("field \"vector\" must hold numbers");
    entry.vector.push_back(value.get<float>());
  }
  if (!AllFinite(entry.vector)) return InvalidArgument("field \"vector\" is not finite");
  return entry;
}

}  // namespace twohop::llm_internal
