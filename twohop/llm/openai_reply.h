// What servers of the OpenAI API answer, into values. All of it is untrusted. Internal to
// twohop/llm.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop::llm_internal {

// The text of a chat completion, a leading <think>...</think> moved to the reasoning. Usage is left
// out; the model is empty if the server does not name it.
//
// Errors: kInternal if there is no text in choices[0].message.content.
Result<ChatReply> ParseChatReply(const Json& body);

// `rows` vectors of L2 norm 1, in the order of their index: entry i belongs to text i.
//
// Errors: kInternal if there are not so many, one has a wrong or repeated index, or is not a
// non-empty array of finite numbers that are not all 0.
Result<std::vector<std::vector<float>>> ParseEmbeddingReply(const Json& body, std::size_t rows);

// What a server says about an error: {"error": {"message": "..."}}, {"error": "..."},
// {"message": "..."} or plain text.
std::string ServerMessage(const std::string& body);

// `text` as it may stand in a message of ours: on one line, at most 300 bytes, without `secret`,
// and without the words of `private_texts`: servers quote what they could not work with, and it is
// what users searched for. Words are compared without
// regard to case; those of one or two bytes stay.
std::string Presentable(std::string text, const std::string& secret,
                        std::span<const std::string> private_texts);

// What the body of a request holds of users: its last message, or its input.
std::vector<std::string> PrivateTexts(const Json& request);

}  // namespace twohop::llm_internal
