// What model servers answer to the program under test, in the form of the OpenAI API.

#pragma once

#include <cstdint>
#include <string>

#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {

struct FakeChatAnswer {
  std::string model;
  std::string text;
  std::uint64_t prompt_tokens = 700;
  std::uint64_t completion_tokens = 20;
  std::string finish_reason = "stop";
};

// The body of an answer to POST /chat/completions.
FakeHttpReply ChatReplyOf(const FakeChatAnswer& answer);

// The answer to a POST /embeddings: FakeEmbeddingClient's vectors of its input.
FakeHttpReply EmbeddingReplyTo(const FakeHttpRequest& request);

}  // namespace twohop
