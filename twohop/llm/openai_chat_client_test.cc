#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;

constexpr const char* kKey = "sk-very-secret";

std::string ChatBody(const std::string& text, const std::string& finish = "stop") {
  return DumpJson({{"model", "served-model"},
                   {"choices", {{{"finish_reason", finish}, {"message", {{"content", text}}}}}},
                   {"usage", {{"prompt_tokens", 11}, {"completion_tokens", 7}}}});
}

class OpenAiChatClientTest : public testing::Test {
 protected:
  OpenAiChatClientTest() {
    endpoint_.base_url = server_.base_url();
    endpoint_.model = "wanted-model";
    endpoint_.api_key = kKey;
  }

  void ServerSays(std::string body, int status = 200, std::vector<std::string> headers = {}) {
    server_.Reply({.status = status, .body = std::move(body), .headers = std::move(headers)});
  }
  void ServerFails(int times, int status) {
    for (int i = 0; i < times; ++i) ServerSays(R"({"error":{"message":"out of order"}})", status);
  }

  ChatClient& Client() {
    if (!client_) client_ = *MakeOpenAiChatClient(endpoint_, clock_, /*jitter_seed=*/1, meter_);
    return *client_;
  }
  Result<ChatReply> Ask(ChatRequest request = Question()) { return Client().Complete(request, {}); }

  static ChatRequest Question() {
    return {.stage = "hop1",
            .messages = {{ChatRole::kSystem, "Be brief."}, {ChatRole::kUser, "Why?"}},
            .json_schema = {}};
  }

  Json SentBody() const { return *ParseJson(server_.requests().back().body); }

  ManualClock clock_;
  TokenMeter meter_;
  Endpoint endpoint_;
  FakeHttpServer server_;
  std::unique_ptr<ChatClient> client_;
};

TEST_F(OpenAiChatClientTest, SendsAPenaltyOnlyIfThereIsOne) {
  ServerSays(ChatBody("Because."));
  ASSERT_THAT(Ask(), IsOk());
  EXPECT_FALSE(SentBody().contains("presence_penalty"));
  ServerSays(ChatBody("Because."));
  ChatRequest request = Question();
  request.presence_penalty = 0.5F;
  ASSERT_THAT(Ask(request), IsOk());
  EXPECT_EQ(SentBody()["presence_penalty"], 0.5);
}

TEST_F(OpenAiChatClientTest, SendsTheRequestInTheFormOfTheApi) {
  ServerSays(ChatBody("Because."));
  ChatRequest request = Question();
  request.json_schema = R"({"type":"object"})";
  request.seed = 42;
  request.max_tokens = 99;
  request.temperature = 0.5F;
  ASSERT_THAT(Ask(request), IsOk());
  EXPECT_EQ(server_.requests().back().path, "/v1/chat/completions");
  EXPECT_EQ(server_.requests().back().headers["authorization"], std::string("Bearer ") + kKey);
  EXPECT_EQ(SentBody(), *ParseJson(R"({
      "model": "wanted-model", "stream": false, "seed": 42, "max_tokens": 99, "temperature": 0.5,
      "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
      "response_format": {"type": "json_schema", "json_schema":
          {"name": "reply", "strict": true, "schema": {"type": "object"}}}})"));
}

TEST_F(OpenAiChatClientTest, GivesTextUsageAndTheServersModel) {
  ServerSays(ChatBody("Because."));
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask());
  EXPECT_EQ(reply, (ChatReply{.text = "Because.",
                              .reasoning = {},
                              .truncated = false,
                              .usage = {.prompt_tokens = 11, .completion_tokens = 7, .calls = 1},
                              .model = "served-model"}));
}

TEST_F(OpenAiChatClientTest, TheMeterLearnsWhatACallUsed) {
  ServerSays(ChatBody("Because."));
  ASSERT_THAT(Ask(), IsOk());
  const auto stages = meter_.Snapshot();
  ASSERT_THAT(stages, SizeIs(1));
  EXPECT_EQ(stages[0].stage, "hop1");
  EXPECT_EQ(stages[0].usage, (TokenUsage{.prompt_tokens = 11, .completion_tokens = 7, .calls = 1}));
}

TEST_F(OpenAiChatClientTest, AServerWithoutUsageIsChargedByLength) {
  ServerSays(R"({"choices":[{"message":{"content":"12345678"}}]})");
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask());
  EXPECT_EQ(reply.usage, (TokenUsage{.prompt_tokens = 4, .completion_tokens = 2, .calls = 1}));
  EXPECT_EQ(reply.model, "wanted-model");
}

TEST_F(OpenAiChatClientTest, AnEndpointThatIsNotValidMakesNoClient) {
  endpoint_.model.clear();
  EXPECT_THAT(MakeOpenAiChatClient(endpoint_, clock_, 1, meter_),
              FailsWith(ErrorCode::kInvalidArgument, "model"));
}

TEST_F(OpenAiChatClientTest, AReplyCutAtMaxTokensIsMarked) {
  ServerSays(ChatBody("{\"demands\": [", "length"));
  EXPECT_TRUE(Ask()->truncated);
}

TEST_F(OpenAiChatClientTest, ReasoningContentIsKeptApart) {
  ServerSays(R"({"choices":[{"message":{"content":"42","reasoning_content":"6 times 7"}}]})");
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask());
  EXPECT_EQ(reply.text, "42");
  EXPECT_EQ(reply.reasoning, "6 times 7");
}

TEST_F(OpenAiChatClientTest, LeadingThinkTagsAreReasoning) {
  ServerSays(ChatBody("\n<think>\n6 times 7\n</think>\n\n42"));
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask());
  EXPECT_EQ(reply.text, "42");
  EXPECT_EQ(reply.reasoning, "6 times 7");
}

TEST_F(OpenAiChatClientTest, ThinkTagsThatDoNotLeadAreText) {
  ServerSays(ChatBody("42 <think>not</think>"));
  EXPECT_EQ(Ask()->text, "42 <think>not</think>");
}

TEST_F(OpenAiChatClientTest, ThinkingThatDoesNotEndLeavesNoText) {
  ServerSays(ChatBody("<think>6 times", "length"));
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask());
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.reasoning, "6 times");
}

TEST_F(OpenAiChatClientTest, NullContentIsAnEmptyText) {
  ServerSays(R"({"choices":[{"message":{"content":null,"reasoning_content":"hm"}}]})");
  EXPECT_EQ(Ask()->text, "");
}

TEST_F(OpenAiChatClientTest, WithoutAnAdapterNothingIsSaidAboutIt) {
  ServerSays(ChatBody("x"));
  ASSERT_THAT(Ask(), IsOk());
  EXPECT_FALSE(SentBody().contains("lora"));
}

TEST_F(OpenAiChatClientTest, EachRequestSaysWhetherTheAdapterApplies) {
  endpoint_.adapter_id = 0;
  ServerSays(ChatBody("x"));
  ServerSays(ChatBody("x"));
  ChatRequest request = Question();
  ASSERT_THAT(Ask(request), IsOk());
  EXPECT_EQ(SentBody()["lora"], *ParseJson(R"([{"id":0,"scale":1.0}])"));
  request.use_adapter = false;
  ASSERT_THAT(Ask(request), IsOk());
  EXPECT_EQ(SentBody()["lora"], *ParseJson(R"([{"id":0,"scale":0.0}])"));
}

TEST_F(OpenAiChatClientTest, ASchemaMustBeAJsonObject) {
  ChatRequest request = Question();
  request.json_schema = R"("type: object")";
  EXPECT_THAT(Ask(request), FailsWith(ErrorCode::kInvalidArgument, "json_schema"));
  request.json_schema = "{";
  EXPECT_THAT(Ask(request), FailsWith(ErrorCode::kInvalidArgument, "json_schema"));
  EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(OpenAiChatClientTest, BytesThatAreNotUtf8AreReplacedInTheRequest) {
  ServerSays(ChatBody("x"));
  ChatRequest request = Question();
  request.messages.back().content = "caf\xE9";
  ASSERT_THAT(Ask(request), IsOk());
  EXPECT_EQ(SentBody()["messages"][1]["content"], "caf\xEF\xBF\xBD");
}

TEST_F(OpenAiChatClientTest, FailuresOfTheServerAreTriedAgain) {
  ServerFails(1, 408);
  ServerFails(1, 429);
  ServerFails(1, 500);
  ServerFails(1, 503);
  ServerSays(ChatBody("at last"));
  EXPECT_EQ(Ask()->text, "at last");
  EXPECT_THAT(clock_.sleeps(), SizeIs(4));
}

TEST_F(OpenAiChatClientTest, ALostConnectionIsTriedAgain) {
  server_.Reply({.body = {}, .hang_up = true});
  ServerSays(ChatBody("at last"));
  EXPECT_EQ(Ask()->text, "at last");
  EXPECT_THAT(clock_.sleeps(), SizeIs(1));
}

TEST_F(OpenAiChatClientTest, PausesAreDrawnBelowADoublingCeiling) {
  endpoint_.backoff_initial = Milliseconds(100);
  endpoint_.backoff_max = Milliseconds(250);
  ServerFails(5, 500);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kUnavailable, "after 5 attempts"));
  EXPECT_THAT(clock_.sleeps(), ElementsAre(Le(Milliseconds(100)), Le(Milliseconds(200)),
                                           Le(Milliseconds(250)), Le(Milliseconds(250))));
}

TEST_F(OpenAiChatClientTest, RetryAfterIsTheLeastPause) {
  ServerSays("{}", 429, {"Retry-After: 7"});
  ServerSays(ChatBody("at last"));
  ASSERT_THAT(Ask(), IsOk());
  EXPECT_THAT(clock_.sleeps(), ElementsAre(Milliseconds(7'000)));
}

TEST_F(OpenAiChatClientTest, NoAttemptBeginsAfterTheCallsTime) {
  endpoint_.call_timeout = std::chrono::seconds(45);
  for (int i = 0; i < 5; ++i) ServerSays(R"({"error":"busy"})", 429, {"Retry-After: 30"});
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kDeadlineExceeded, "the call's 45.0 s"));
  EXPECT_THAT(server_.requests(), SizeIs(2));
}

TEST_F(OpenAiChatClientTest, AnAttemptHasNoMoreTimeThanItsCall) {
  endpoint_.call_timeout = Milliseconds(20);
  endpoint_.max_attempts = 1;
  server_.Reply({.body = {}, .never = true});
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kDeadlineExceeded, endpoint_.base_url));
}

TEST_F(OpenAiChatClientTest, ThePromptIsInNoError) {
  ChatRequest request = Question();
  request.messages.back().content = "1. treatment for a rare condition";
  ServerSays(R"({"error":{"message":"refused: \"treatment for a rare condition\" is unsafe"}})",
             400);
  const auto refused = Ask(request);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(),
              AllOf(HasSubstr("refused: "), HasSubstr("is unsafe"), Not(HasSubstr("rare"))));
}

TEST_F(OpenAiChatClientTest, ARetryAfterBeyondOurPatienceEndsTheCall) {
  ServerSays(R"({"error":"quota"})", 429, {"Retry-After: 3600"});
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kResourceExhausted, "asks to wait 3600 s"));
  EXPECT_THAT(clock_.sleeps(), SizeIs(0));
}

TEST_F(OpenAiChatClientTest, TooManyRequestsToTheEndIsResourceExhausted) {
  ServerFails(5, 429);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kResourceExhausted, "out of order"));
  EXPECT_THAT(server_.requests(), SizeIs(5));
}

TEST_F(OpenAiChatClientTest, TimeoutsOfTheServerToTheEndAreDeadlineExceeded) {
  ServerFails(5, 504);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kDeadlineExceeded, "504"));
}

TEST_F(OpenAiChatClientTest, ARefusedRequestFailsAtOnceWithTheServersWords) {
  ServerSays(R"({"error":{"message":"n must be\nbelow 4"}})", 400);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInvalidArgument, "400: n must be below 4"));
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(OpenAiChatClientTest, ARefusedKeyOrUnknownModelIsFailedPrecondition) {
  ServerSays(R"({"message":"who are you"})", 401);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kFailedPrecondition, "401: who are you"));
  ServerSays("no such model", 404);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kFailedPrecondition, "404: no such model"));
}

TEST_F(OpenAiChatClientTest, ARedirectIsNotFollowed) {
  ServerSays("", 302, {"Location: http://127.0.0.1:1/v1/elsewhere"});
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInvalidArgument, "302"));
}

TEST_F(OpenAiChatClientTest, TheKeyIsInNoError) {
  ServerSays(std::string("wrong key ") + kKey + "; really: " + kKey, 401);
  const auto refused = Ask();
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), AllOf(HasSubstr("[key]"), Not(HasSubstr(kKey))));
  ServerSays(std::string("not json ") + kKey);
  const auto senseless = Ask();
  ASSERT_FALSE(senseless.has_value());
  EXPECT_THAT(senseless.error().message(), AllOf(HasSubstr("[key]"), Not(HasSubstr(kKey))));
}

TEST_F(OpenAiChatClientTest, TheServersWordsAreCut) {
  ServerSays(std::string(100'000, 'x'), 400);
  const auto reply = Ask();
  ASSERT_FALSE(reply.has_value());
  EXPECT_THAT(reply.error().message(), SizeIs(Le(400U)));
}

TEST_F(OpenAiChatClientTest, TheServersWordsThatAreNotUtf8AreNotRepeated) {
  ServerSays("\xFF\xFE", 400);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInvalidArgument, "not UTF-8"));
}

TEST_F(OpenAiChatClientTest, AnAnswerThatIsTooLargeIsInternal) {
  endpoint_.max_response_bytes = 1000;
  ServerSays(ChatBody(std::string(2000, 'x')));
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInternal, "exceeds 1000 bytes"));
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

class WrongShapeTest : public OpenAiChatClientTest,
                       public testing::WithParamInterface<const char*> {};

TEST_P(WrongShapeTest, IsInternal) {
  ServerSays(GetParam());
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInternal, "model server"));
}

INSTANTIATE_TEST_SUITE_P(Bodies, WrongShapeTest,
                         testing::Values("", "<html>", "[]", "null", "{",
                                         R"({"choices":[{"message":{"content":"cut)", "{}",
                                         R"({"choices":null})", R"({"choices":[]})",
                                         R"({"choices":{}})", R"({"choices":[1]})",
                                         R"({"choices":[{}]})", R"({"choices":[{"message":"x"}]})",
                                         R"({"choices":[{"message":{"content":7}}]})",
                                         R"({"choices":[{"message":{"content":["x"]}}]})",
                                         "{\"choices\":[{\"message\":{\"content\":\"\xFF\"}}]}"));

TEST_F(OpenAiChatClientTest, OddUsageDoesNoHarm) {
  ServerSays(R"({"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":-3}})");
  EXPECT_THAT(Ask(), IsOk());
  ServerSays(R"({"choices":[{"message":{"content":"x"}}],"usage":"free","model":[]})");
  EXPECT_THAT(Ask(), IsOk());
}

TEST_F(OpenAiChatClientTest, AServerThatNeverAnswersIsDeadlineExceeded) {
  endpoint_.request_timeout = Milliseconds(20);
  endpoint_.max_attempts = 1;
  server_.Reply({.body = {}, .never = true});
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kDeadlineExceeded, endpoint_.base_url));
}

TEST_F(OpenAiChatClientTest, NoServerIsUnavailableAndNamesIt) {
  TempDir dir;
  endpoint_.unix_socket = (dir.path() / "none.sock").string();
  endpoint_.max_attempts = 2;
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kUnavailable, "none.sock"));
}

TEST_F(OpenAiChatClientTest, ConnectsToAUnixSocket) {
  TempDir dir;
  FakeHttpServer server(dir.path() / "llm.sock");
  server.Reply({.body = ChatBody("from the socket")});
  endpoint_.unix_socket = (dir.path() / "llm.sock").string();
  EXPECT_EQ(Ask()->text, "from the socket");
}

TEST_F(OpenAiChatClientTest, AStopEndsACallInFlight) {
  server_.Reply({.body = {}, .never = true});
  std::stop_source stop;
  std::jthread stopper([&] {
    server_.WaitForRequests(1);
    stop.request_stop();
  });
  EXPECT_THAT(Client().Complete(Question(), stop.get_token()),
              FailsWith(ErrorCode::kCancelled, ""));
}

TEST_F(OpenAiChatClientTest, AStopEndsTheWaitForAnotherCall) {
  endpoint_.max_concurrency = 1;
  server_.AnswerWith(
      [](const FakeHttpRequest&) { return FakeHttpReply{.body = {}, .never = true}; });
  std::stop_source stop;
  std::latch both_ended(2);
  auto ask = [&] {
    EXPECT_THAT(client_->Complete(Question(), stop.get_token()),
                FailsWith(ErrorCode::kCancelled, ""));
    both_ended.count_down();
  };
  Client();
  std::jthread first(ask);
  std::jthread second(ask);
  server_.WaitForRequests(1);
  stop.request_stop();
  both_ended.wait();
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(OpenAiChatClientTest, AStopBeforeTheCallSendsNothing) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Client().Complete(Question(), stop.get_token()),
              FailsWith(ErrorCode::kCancelled, ""));
  EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(OpenAiChatClientTest, CallsBeyondTheLimitWaitAndConnectionsAreReused) {
  endpoint_.max_concurrency = 2;
  std::atomic<int> in_flight = 0;
  std::atomic<int> most = 0;
  // Until two are in flight the first waits: the limit is reached, and never exceeded.
  std::latch two(2);
  std::atomic<int> answered = 0;
  server_.AnswerWith([&](const FakeHttpRequest&) {
    const int now = ++in_flight;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    if (answered++ < 2) two.arrive_and_wait();
    --in_flight;
    return FakeHttpReply{.body = ChatBody("x")};
  });
  Client();
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) callers.emplace_back([&] { EXPECT_THAT(Ask(), IsOk()); });
  }
  EXPECT_EQ(most, 2);
  EXPECT_EQ(server_.connections(), 2U);
}

}  // namespace
}  // namespace twohop
