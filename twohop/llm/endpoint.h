// Where a model is served, and how patient a client is with it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop {

struct Endpoint {
  std::string base_url = "http://127.0.0.1:8080/v1";  // Up to and with "/v1"; http or https.
  std::string unix_socket;  // Path of a socket to connect to instead of base_url's host.
  std::string api_key;      // Sent as a bearer token, and in no log or error. Empty: none.
  std::string model;        // As the server names it.

  // llama.cpp's number of a loaded LoRA adapter; each request says whether it is to be applied, so
  // the base model and the tuned one answer side by side. Nothing: the server knows no adapters.
  std::optional<std::uint32_t> adapter_id;

  Milliseconds connect_timeout{5'000};
  Milliseconds request_timeout{120'000};  // Of one attempt, from connecting to the last byte.
  // Of one call, from its first attempt to its last. No attempt begins that must end later.
  Milliseconds call_timeout{600'000};
  std::size_t max_concurrency = 4;  // Calls in flight; more wait their turn.

  // Answers 408, 429 and 5xx and failures of transport are tried again. The pause before attempt
  // n + 1 is drawn from [0, min(backoff_max, backoff_initial * 2^(n-1))] ("full jitter"), and at
  // least what the server's Retry-After says; one that says more than max_retry_after ends the
  // call.
  std::size_t max_attempts = 5;
  Milliseconds backoff_initial{500};
  Milliseconds backoff_max{20'000};
  Milliseconds max_retry_after{60'000};

  std::size_t max_response_bytes = std::size_t{32} << 20U;

  // Embeddings only.
  std::size_t batch_texts = 64;    // Texts in one request.
  std::size_t max_text_bytes = 0;  // Longer texts are cut, between characters; 0: never.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

}  // namespace twohop
