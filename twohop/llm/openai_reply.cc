#include "twohop/llm/openai_reply.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/embeddings.h"
#include "twohop/base/text.h"

namespace twohop::llm_internal {
namespace {

constexpr std::size_t kMaxServerMessageBytes = 300;
// What is not read at all: no server needs so many bytes to say what is wrong.
constexpr std::size_t kMaxReadMessageBytes = 4096;
constexpr std::string_view kHiddenKey = "[key]";
constexpr std::string_view kHiddenText = "[text]";
// Shorter words are those of any language, and say nothing about anybody.
constexpr std::size_t kMinPrivateBytes = 3;

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

// Reads one vector of `data`.
//
// Errors: kInternal if it is not a non-empty array of finite numbers that are not all 0.
Result<std::vector<float>> ParseVector(const Json& json) {
  if (!json.is_array() || json.empty()) return Internal("an embedding is not an array");
  std::vector<float> vector;
  vector.reserve(json.size());
  for (const Json& value : json) {
    if (!value.is_number()) return Internal("an embedding holds something other than numbers");
    vector.push_back(value.get<float>());
  }
  if (!AllFinite(vector)) return Internal("an embedding has a component that is not finite");
  NormalizeL2(vector);
  // A vector of zeros has no direction and stays as it is.
  if (Dot(vector, vector) < 0.5F) return Internal("an embedding is a vector of zeros");
  return vector;
}

// The row of entry `position`: its "index" if there is one, else its position.
Result<std::size_t> ParseIndex(const Json& entry, std::size_t position, std::size_t rows) {
  if (!entry.is_object() || !entry.contains("embedding")) {
    return Internal(fmt::format("entry {} of the embeddings has no vector", position));
  }
  const Json index = entry.value("index", Json(position));
  if (!index.is_number_unsigned() || index.get<std::uint64_t>() >= rows) {
    return Internal(fmt::format("entry {} of the embeddings has a wrong index", position));
  }
  return index.get<std::size_t>();
}

bool IsWordByte(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte >= 0x80U || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// The words of `texts` in lower case. A run of bytes outside ASCII counts with what it touches.
std::unordered_set<std::string> PrivateWords(std::span<const std::string> texts) {
  std::unordered_set<std::string> words;
  for (const std::string& text : texts) {
    const std::string normal = NormalizeName(text);
    for (const std::string_view word : Split(normal, ' ')) {
      if (word.size() >= kMinPrivateBytes) words.emplace(word);
    }
  }
  return words;
}

std::string WithoutWords(std::string_view text, const std::unordered_set<std::string>& words) {
  std::string shown;
  while (!text.empty()) {
    const auto* const end = std::find_if_not(text.begin(), text.end(), IsWordByte);
    const auto length = static_cast<std::size_t>(end - text.begin());
    const std::string_view word = text.substr(0, length);
    if (length > 0) shown += words.contains(ToLowerAscii(word)) ? kHiddenText : word;
    if (length < text.size()) shown.push_back(text[length]);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return shown;
}

void Hide(const std::string& secret, std::string& text) {
  for (std::size_t at = 0; !secret.empty();) {
    at = text.find(secret, at);
    if (at == std::string::npos) break;
    text.replace(at, secret.size(), kHiddenKey);
    at += kHiddenKey.size();
  }
}

}  // namespace

Result<ChatReply> ParseChatReply(const Json& body) {
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
  SplitThinking(reply);
  return reply;
}

Result<std::vector<std::vector<float>>> ParseEmbeddingReply(const Json& body, std::size_t rows) {
  const auto data = body.find("data");
  if (data == body.end() || !data->is_array() || data->size() != rows) {
    return Internal(fmt::format("the model server's answer does not hold {} embeddings", rows));
  }
  std::vector<std::vector<float>> vectors(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const Json& entry = (*data)[i];
    TWOHOP_ASSIGN_OR_RETURN(const std::size_t index, ParseIndex(entry, i, rows));
    if (!vectors[index].empty()) return Internal(fmt::format("embedding {} comes twice", index));
    TWOHOP_ASSIGN_OR_RETURN(vectors[index], ParseVector(entry["embedding"]));
  }
  return vectors;
}

std::string ServerMessage(const std::string& body) {
  const Result<Json> json = ParseJson(body);
  if (!json || !json->is_object()) return body;
  const Json& error = At(*json, "error");
  const Json& message = At(error.is_null() ? *json : error, "message");
  if (message.is_string()) return message.get<std::string>();
  return StringOr(error, body);
}

std::string Presentable(std::string text, const std::string& secret,
                        std::span<const std::string> private_texts) {
  Hide(secret, text);
  if (!IsValidUtf8(text)) return "(not UTF-8)";
  text = WithoutWords(Ellipsize(text, kMaxReadMessageBytes), PrivateWords(private_texts));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) c = ' ';
  }
  return Ellipsize(Trim(text), kMaxServerMessageBytes);
}

std::vector<std::string> PrivateTexts(const Json& request) {
  std::vector<std::string> texts;
  const Json& messages = At(request, "messages");
  if (messages.is_array() && !messages.empty()) {
    texts.push_back(StringOr(At(messages.back(), "content"), ""));
  }
  const Json& input = At(request, "input");
  if (!input.is_array()) return texts;
  for (const Json& text : input) texts.push_back(StringOr(text, ""));
  return texts;
}

}  // namespace twohop::llm_internal
