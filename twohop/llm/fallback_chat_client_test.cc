#include "twohop/llm/fallback_chat_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class FallbackChatClientTest : public testing::Test {
 protected:
  Result<ChatReply> Ask() {
    return chat_.Complete({.messages = {{.content = "treatment for a rare condition"}}}, {});
  }

  FakeChatClient first_{"first"};
  FakeChatClient second_{"second"};
  FallbackChatClient chat_{{{"one", first_}, {"two", second_}}};
};

TEST_F(FallbackChatClientTest, TheFirstAnswersIfItCan) {
  first_.Reply("yes");
  EXPECT_EQ(Ask()->model, "first");
  EXPECT_THAT(second_.requests(), IsEmpty());
}

TEST_F(FallbackChatClientTest, IsNamedAfterAllWhoMayAnswer) {
  EXPECT_EQ(chat_.model(), "first|second");
}

class OthersMayAnswerTest : public FallbackChatClientTest,
                            public testing::WithParamInterface<ErrorCode> {};

TEST_P(OthersMayAnswerTest, TheNextIsAskedAndTheReplySaysSo) {
  first_.Fail(Error(GetParam(), "down"));
  second_.Reply("yes");
  EXPECT_EQ(Ask()->model, "second");
}

INSTANTIATE_TEST_SUITE_P(Codes, OthersMayAnswerTest,
                         testing::Values(ErrorCode::kUnavailable, ErrorCode::kDeadlineExceeded,
                                         ErrorCode::kResourceExhausted,
                                         ErrorCode::kFailedPrecondition, ErrorCode::kInternal),
                         [](const auto& code) { return std::string(ErrorCodeName(code.param)); });

class NobodyMayAnswerTest : public FallbackChatClientTest,
                            public testing::WithParamInterface<ErrorCode> {};

TEST_P(NobodyMayAnswerTest, TheNextIsNotAsked) {
  first_.Fail(Error(GetParam(), "ours"));
  EXPECT_THAT(Ask(), FailsWith(GetParam(), "one: ours"));
  EXPECT_THAT(second_.requests(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Codes, NobodyMayAnswerTest,
                         testing::Values(ErrorCode::kInvalidArgument, ErrorCode::kCancelled),
                         [](const auto& code) { return std::string(ErrorCodeName(code.param)); });

TEST_F(FallbackChatClientTest, IfAllFailTheErrorNamesAllAndHasTheFirstsCode) {
  first_.Fail(Error(ErrorCode::kResourceExhausted, "quota"));
  second_.Fail(Error(ErrorCode::kUnavailable, "down"));
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kResourceExhausted, "one: quota; two: down"));
}

TEST_F(FallbackChatClientTest, AWrongRequestIsToldByWhoeverFindsItWrong) {
  first_.Fail(Error(ErrorCode::kUnavailable, "down"));
  second_.Fail(Error(ErrorCode::kInvalidArgument, "no such field"));
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInvalidArgument, "one: down; two: no such field"));
}

TEST(FallbackOverHttpTest, UsageIsMeteredPerProviderAndKeysAreInNoError) {
  const ManualClock clock;
  FakeHttpServer down;
  FakeHttpServer up;
  TokenMeter sum;
  TokenMeter first_meter({}, &sum);
  TokenMeter second_meter({.prompt_usd_per_million = 1e6}, &sum);
  const Endpoint one{
      .base_url = down.base_url(), .api_key = "sk-secret", .model = "one", .max_attempts = 1};
  const Endpoint two{
      .base_url = up.base_url(), .api_key = "sk-secret", .model = "two", .max_attempts = 1};
  const auto first = *MakeOpenAiChatClient(one, clock, 1, first_meter);
  const auto second = *MakeOpenAiChatClient(two, clock, 1, second_meter);
  FallbackChatClient chat({{"one", *first}, {"two", *second}});
  down.Reply({.status = 503, .body = "sk-secret is overloaded"});
  up.Reply({.body = R"({"model":"two","choices":[{"message":{"content":"yes"}}],
                       "usage":{"prompt_tokens":3,"completion_tokens":2}})"});
  EXPECT_EQ(chat.Complete({}, {})->model, "two");
  EXPECT_EQ(first_meter.Total().usage.calls, 0U);
  EXPECT_EQ(second_meter.Total().usage.calls, 1U);
  EXPECT_DOUBLE_EQ(sum.Total().usd, 3.0);
  down.Reply({.status = 503, .body = "sk-secret is overloaded"});
  up.Reply({.status = 401, .body = "sk-secret is unknown"});
  const auto failed = chat.Complete({}, {});
  ASSERT_FALSE(failed.has_value());
  EXPECT_THAT(failed.error().message(),
              AllOf(HasSubstr("503"), HasSubstr("401"), Not(HasSubstr("sk-secret"))));
}

}  // namespace
}  // namespace twohop
