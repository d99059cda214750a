#include "twohop/llm/managed_server.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/openai_client.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// True once `condition` holds; false if it still does not after ten seconds.
bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(Milliseconds(2));
  }
  return true;
}

// The server is testing/fake_llm_server.py, whose "model" says how it behaves.
class ManagedServerTest : public testing::Test {
 protected:
  ManagedServerTest() {
    options_.python = "/usr/bin/python3";
    options_.script = fs::path(TWOHOP_SOURCE_DIR) / "twohop/llm/testing/fake_llm_server.py";
    options_.log_file = dir_.path() / "server.log";
    options_.stop_grace = Milliseconds(50);
    ServerWill("serve");
  }

  void ServerWill(const std::string& behaviour) {
    options_.model = dir_.Write("model.gguf", behaviour);
  }

  Result<std::unique_ptr<ManagedServer>> Start(std::stop_token stop = {}) {
    return ManagedServer::Start(options_, clock_, std::move(stop));
  }

  Result<ChatReply> Ask(const ManagedServer& server) {
    Endpoint endpoint = server.endpoint();
    const auto client = *MakeOpenAiChatClient(endpoint, clock_, 1, meter_);
    return client->Complete({.stage = "test", .messages = {{}}, .json_schema = {}}, {});
  }

  static bool Runs(int pid) { return kill(pid, 0) == 0; }

  TempDir dir_;
  ManualClock clock_;
  TokenMeter meter_;
  ManagedServerOptions options_;
};

TEST_F(ManagedServerTest, AnswersOnASocketOfItsOwn) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  EXPECT_THAT(Ask(*server), IsOk());
  EXPECT_THAT(server->status(), IsOk());
  EXPECT_EQ(server->restarts(), 0U);
  EXPECT_EQ(fs::status(fs::path(server->endpoint().unix_socket).parent_path()).permissions(),
            fs::perms::owner_all);
}

TEST_F(ManagedServerTest, ALongPathForTemporaryFilesDoesNotMatter) {
  const fs::path deep = dir_.path() / std::string(100, 'x');
  fs::create_directories(deep);
  setenv("TMPDIR", deep.c_str(), /*overwrite=*/1);
  const auto server = Start();
  unsetenv("TMPDIR");
  EXPECT_THAT(server, IsOk());
}

TEST_F(ManagedServerTest, PassesItsOptionsOn) {
  options_.slots = 3;
  options_.context_per_slot = 1024;
  options_.threads = 1;
  options_.adapter = dir_.Write("adapter.gguf", "x");
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, Ask(*server));
  EXPECT_EQ(*ParseJson(reply.text), Json({{"socket", server->endpoint().unix_socket},
                                          {"model", options_.model.string()},
                                          {"alias", "model"},
                                          {"mode", "chat"},
                                          {"slots", "3"},
                                          {"context-per-slot", "1024"},
                                          {"threads", "1"},
                                          {"adapter", options_.adapter.string()}}));
}

TEST_F(ManagedServerTest, ItsEndpointFitsTheServer) {
  options_.slots = 3;
  options_.model_name = "smol";
  options_.adapter = dir_.Write("adapter.gguf", "x");
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  EXPECT_EQ(server->endpoint().max_concurrency, 3U);
  EXPECT_EQ(server->endpoint().model, "smol");
  EXPECT_EQ(server->endpoint().adapter_id, 0U);
}

TEST_F(ManagedServerTest, EmbeddingTextsAreCutToWhatFits) {
  options_.task = ServedTask::kEmbedding;
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  EXPECT_EQ(server->endpoint().max_text_bytes, 510U);
  EXPECT_FALSE(server->endpoint().adapter_id.has_value());
}

TEST_F(ManagedServerTest, OnlyTheReadyLineCounts) {
  ServerWill("chatter");
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  EXPECT_THAT(Ask(*server), IsOk());
}

TEST_F(ManagedServerTest, EndsWithTheObjectAndLeavesNoSocket) {
  ASSERT_OK_AND_ASSIGN(auto server, Start());
  const int pid = server->pid();
  const fs::path folder = fs::path(server->endpoint().unix_socket).parent_path();
  EXPECT_TRUE(Runs(pid));
  server.reset();
  EXPECT_FALSE(Runs(pid));
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(ManagedServerTest, AServerThatWillNotEndIsKilled) {
  ServerWill("stubborn");
  ASSERT_OK_AND_ASSIGN(auto server, Start());
  const int pid = server->pid();
  server.reset();
  EXPECT_FALSE(Runs(pid));
}

TEST_F(ManagedServerTest, ComesBackOnTheSameSocketWhenItDies) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  const int first = server->pid();
  const std::string socket = server->endpoint().unix_socket;
  kill(first, SIGKILL);
  ASSERT_TRUE(Eventually([&] { return server->restarts() == 1; }));
  EXPECT_NE(server->pid(), first);
  EXPECT_EQ(server->endpoint().unix_socket, socket);
  EXPECT_THAT(Ask(*server), IsOk());
  EXPECT_THAT(clock_.sleeps(), ElementsAre(options_.restart_backoff));
}

TEST_F(ManagedServerTest, GivesUpAfterAsManyRestartsAsAllowed) {
  options_.max_restarts = 2;
  options_.restart_backoff = Milliseconds(100);
  ServerWill("serve once");
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  kill(server->pid(), SIGKILL);
  ASSERT_TRUE(Eventually([&] { return !server->status().has_value(); }));
  EXPECT_THAT(server->status(), FailsWith(ErrorCode::kUnavailable, "2 restarts did not help"));
  EXPECT_THAT(server->status(), FailsWith(ErrorCode::kUnavailable, "no such tensor"));
  EXPECT_THAT(clock_.sleeps(), ElementsAre(Milliseconds(100), Milliseconds(200)));
}

TEST_F(ManagedServerTest, AMinuteOfServiceStartsANewCount) {
  options_.max_restarts = 1;
  ASSERT_OK_AND_ASSIGN(const auto server, Start());
  kill(server->pid(), SIGKILL);
  ASSERT_TRUE(Eventually([&] { return server->restarts() == 1; }));
  clock_.Advance(std::chrono::seconds(61));
  kill(server->pid(), SIGKILL);
  EXPECT_TRUE(Eventually([&] { return server->restarts() == 2; }));
  EXPECT_THAT(server->status(), IsOk());
}

TEST_F(ManagedServerTest, AServerThatEndsAtOnceIsReportedWithItsLastWords) {
  ServerWill("refuse");
  const auto server = Start();
  ASSERT_THAT(server, FailsWith(ErrorCode::kFailedPrecondition, "no such tensor"));
  EXPECT_THAT(server.error().message(),
              AllOf(HasSubstr("exit status 3"), HasSubstr(options_.log_file.string())));
}

TEST_F(ManagedServerTest, AServerThatIsNotReadyInTimeIsDeadlineExceeded) {
  ServerWill("silent");
  options_.start_timeout = Milliseconds(30);
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kDeadlineExceeded, "not ready after 30 ms"));
}

TEST_F(ManagedServerTest, ReadyButDeafIsUnavailable) {
  ServerWill("deaf");
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kUnavailable, "does not start"));
}

TEST_F(ManagedServerTest, AStopEndsTheStart) {
  ServerWill("silent");
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_THAT(Start(stop.get_token()), FailsWith(ErrorCode::kCancelled, ""));
}

TEST_F(ManagedServerTest, WhatIsMissingIsNamedWithTheCure) {
  const ManagedServerOptions good = options_;
  options_.python = dir_.path() / "venv/bin/python";
  EXPECT_THAT(Start(),
              FailsWith(ErrorCode::kFailedPrecondition, "venv/bin/python; run scripts/set"));
  options_ = good;
  options_.script = dir_.path() / "none.py";
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kFailedPrecondition, "none.py"));
  options_ = good;
  options_.model = dir_.path() / "none.gguf";
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kFailedPrecondition, "none.gguf; run scripts/setup"));
  options_ = good;
  options_.adapter = dir_.path() / "none.gguf";
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kFailedPrecondition, "adapter"));
}

TEST_F(ManagedServerTest, APythonThatCannotRunIsNamed) {
  options_.python = dir_.Write("python", "not a program");
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kFailedPrecondition, options_.python.string()));
}

TEST_F(ManagedServerTest, ALogThatCannotBeWrittenIsNamed) {
  options_.log_file = dir_.Write("file", "") / "server.log";
  EXPECT_THAT(Start(), FailsWith(ErrorCode::kUnavailable, "the model server's log"));
}

TEST(ManagedServerOptionsTest, AFieldThatIsWrongIsNamed) {
  ManagedServerOptions options;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "log_file"));
  options.log_file = "x.log";
  EXPECT_THAT(options.Validate(), IsOk());
  options.slots = 0;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "slots"));
  options.slots = 1;
  options.context_per_slot = 63;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "context_per_slot"));
  options.context_per_slot = 64;
  options.adapter = "a.gguf";
  options.task = ServedTask::kEmbedding;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "adapter"));
}

}  // namespace
}  // namespace twohop
