// Keeping what was asked out of errors and logs.

#pragma once

#include <string>
#include <string_view>

#include "twohop/llm/chat_client.h"

namespace twohop {

// `text` with every run of 12 bytes or more that also stands in a message of `request` replaced by
// "[prompt]": servers like to quote what they refuse, and that is what users searched for. Shorter
// quotes stay. Takes time in the product of both lengths: for messages of errors, not for replies.
std::string WithoutPrompt(std::string_view text, const ChatRequest& request);

}  // namespace twohop
