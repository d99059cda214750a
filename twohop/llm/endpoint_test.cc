#include "twohop/llm/endpoint.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

Endpoint Valid() { return {.model = "m"}; }

TEST(EndpointTest, OnlyTheModelHasNoDefault) {
  EXPECT_THAT(Valid().Validate(), IsOk());
  EXPECT_THAT(Endpoint{}.Validate(), FailsWith(ErrorCode::kInvalidArgument, "model"));
}

struct BadEndpoint {
  const char* field;
  void (*spoil)(Endpoint&);
};

void PrintTo(const BadEndpoint& bad, std::ostream* out) { *out << bad.field; }

class BadEndpointTest : public testing::TestWithParam<BadEndpoint> {};

TEST_P(BadEndpointTest, IsRefusedAndItsFieldNamed) {
  Endpoint endpoint = Valid();
  GetParam().spoil(endpoint);
  EXPECT_THAT(endpoint.Validate(), FailsWith(ErrorCode::kInvalidArgument, GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, BadEndpointTest,
    testing::Values(
        BadEndpoint{"base_url", [](Endpoint& e) { e.base_url = "localhost:1/v1"; }},
        BadEndpoint{"base_url", [](Endpoint& e) { e.base_url = "http://"; }},
        BadEndpoint{"base_url", [](Endpoint& e) { e.base_url = "http://u:p@host/v1"; }},
        BadEndpoint{"base_url", [](Endpoint& e) { e.base_url = "http://host\n/v1"; }},
        BadEndpoint{"unix_socket", [](Endpoint& e) { e.unix_socket = std::string(108, 's'); }},
        BadEndpoint{"api_key", [](Endpoint& e) { e.api_key = "key\r\nX-Injected: 1"; }},
        BadEndpoint{"connect_timeout", [](Endpoint& e) { e.connect_timeout = Milliseconds(0); }},
        BadEndpoint{"request_timeout", [](Endpoint& e) { e.request_timeout = Milliseconds(-1); }},
        BadEndpoint{"call_timeout", [](Endpoint& e) { e.call_timeout = Milliseconds(0); }},
        BadEndpoint{"max_concurrency", [](Endpoint& e) { e.max_concurrency = 0; }},
        BadEndpoint{"max_attempts", [](Endpoint& e) { e.max_attempts = 0; }},
        BadEndpoint{"backoff_initial", [](Endpoint& e) { e.backoff_initial = Milliseconds(0); }},
        BadEndpoint{"backoff_max", [](Endpoint& e) { e.backoff_max = Milliseconds(1); }},
        BadEndpoint{"max_retry_after", [](Endpoint& e) { e.max_retry_after = Milliseconds(-1); }},
        BadEndpoint{"max_response_bytes", [](Endpoint& e) { e.max_response_bytes = 0; }},
        BadEndpoint{"batch_texts", [](Endpoint& e) { e.batch_texts = 0; }},
        BadEndpoint{"max_text_bytes", [](Endpoint& e) { e.max_text_bytes = 2; }}));

}  // namespace
}  // namespace twohop
