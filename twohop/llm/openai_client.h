// Clients of servers that speak the OpenAI HTTP API: vLLM, SGLang, Ollama, llama.cpp, DeepSeek ...

#pragma once

#include <cstdint>
#include <memory>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/llm/endpoint.h"
#include "twohop/llm/token_meter.h"

namespace twohop {

// Both record in the meter what a call used; a server that reports no usage is charged a token per
// four bytes. They pause between attempts through the
// clock, for times drawn with `jitter_seed`. `clock` and `meter` must outlive the client. Nothing
// is sent until the first call.
//
// Errors: those of Endpoint::Validate.

// POSTs to {base_url}/chat/completions. The schema is sent as response_format json_schema, strict.
//
// What errors repeat of the server's words is without key and without what users wrote.
// Beyond the errors of ChatClient, a call fails with kInvalidArgument if request.json_schema is not
// a JSON object, and with kInternal if the answer does not have the shape of the API or exceeds
// max_response_bytes.
Result<std::unique_ptr<ChatClient>> MakeOpenAiChatClient(const Endpoint& endpoint,
                                                         const Clock& clock,
                                                         std::uint64_t jitter_seed,
                                                         TokenMeter& meter);

// POSTs to {base_url}/embeddings, `batch_texts` at a time, one batch after the other. The meter's
// stage is "embedding". The first answer fixes T; a later one of another size is kInternal, as are
// vectors of zeros or with components that are not finite.
Result<std::unique_ptr<EmbeddingClient>> MakeOpenAiEmbeddingClient(const Endpoint& endpoint,
                                                                   const Clock& clock,
                                                                   std::uint64_t jitter_seed,
                                                                   TokenMeter& meter);

}  // namespace twohop
