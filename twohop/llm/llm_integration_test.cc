// The real small models in real servers. Needs what scripts/setup fetches, and skips without it.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twohop/base/clock.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/json.h"
#include "twohop/base/parallel.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/managed_server.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/small_models.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;

class LlmIntegrationTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = MissingSmallModelFile(TWOHOP_SOURCE_DIR)) {
      GTEST_SKIP() << *missing << " is not there: run scripts/setup";
    }
  }

  ManagedServerOptions OptionsFor(ServedTask task) const {
    ManagedServerOptions options =
        SmallModelServer(TWOHOP_SOURCE_DIR, task, dir_.path() / "server.log");
    options.restart_backoff = Milliseconds(10);
    return options;
  }

  Result<std::unique_ptr<ManagedServer>> Start(ServedTask task) {
    return ManagedServer::Start(OptionsFor(task), clock_, {});
  }

  TempDir dir_;
  SystemClock clock_;
  TokenMeter meter_;
};

ChatRequest NameHobbies(std::uint32_t max_tokens = 64) {
  ChatRequest request;
  request.stage = "test";
  request.messages = {{ChatRole::kUser, "Name two hobbies of someone who buys hiking boots."}};
  request.json_schema = R"({
      "type": "object", "additionalProperties": false, "required": ["hobbies"],
      "properties": {"hobbies": {"type": "array", "minItems": 2, "maxItems": 2,
                                 "items": {"type": "string", "maxLength": 30}}}})";
  request.max_tokens = max_tokens;
  return request;
}

TEST_F(LlmIntegrationTest, ASmallModelAnswersInTheShapeOfTheSchema) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start(ServedTask::kChat));
  ASSERT_OK_AND_ASSIGN(const auto client,
                       MakeOpenAiChatClient(server->endpoint(), clock_, 1, meter_));
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, client->Complete(NameHobbies(), {}));
  EXPECT_FALSE(reply.truncated);
  EXPECT_EQ(reply.model, "smollm2-135m-instruct");
  ASSERT_OK_AND_ASSIGN(const Json json, ParseJson(reply.text));
  EXPECT_EQ(json["hobbies"].size(), 2U);
  EXPECT_GT(meter_.Total().usage.completion_tokens, 0U);
  ASSERT_OK_AND_ASSIGN(const ChatReply cut, client->Complete(NameHobbies(/*max_tokens=*/3), {}));
  EXPECT_TRUE(cut.truncated);
}

TEST_F(LlmIntegrationTest, APromptBeyondTheContextOfASlotIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start(ServedTask::kChat));
  ASSERT_OK_AND_ASSIGN(const auto client,
                       MakeOpenAiChatClient(server->endpoint(), clock_, 1, meter_));
  ChatRequest request = NameHobbies();
  for (int i = 0; i < 3000; ++i) request.messages[0].content += " cat";
  EXPECT_THAT(client->Complete(request, {}), FailsWith(ErrorCode::kInvalidArgument, "context"));
}

TEST_F(LlmIntegrationTest, CallsInParallelAreAllAnswered) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start(ServedTask::kChat));
  ASSERT_OK_AND_ASSIGN(const auto client,
                       MakeOpenAiChatClient(server->endpoint(), clock_, 1, meter_));
  ParallelFor(6, 6, {},
              [&](std::size_t) { EXPECT_THAT(client->Complete(NameHobbies(8), {}), IsOk()); });
  EXPECT_EQ(meter_.Total().usage.calls, 6U);
}

TEST_F(LlmIntegrationTest, AKilledServerComesBackAndItsClientsNeedOnlyRetry) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start(ServedTask::kChat));
  Endpoint endpoint = server->endpoint();
  endpoint.max_attempts = 30;
  ASSERT_OK_AND_ASSIGN(const auto client, MakeOpenAiChatClient(endpoint, clock_, 1, meter_));
  ASSERT_THAT(client->Complete(NameHobbies(4), {}), IsOk());
  const int killed = server->pid();
  ASSERT_EQ(kill(killed, SIGKILL), 0);
  EXPECT_THAT(client->Complete(NameHobbies(4), {}), IsOk());
  EXPECT_NE(server->pid(), killed);
}

TEST_F(LlmIntegrationTest, RelatedWordsAreNearAndLongTextsFit) {
  ASSERT_OK_AND_ASSIGN(const auto server, Start(ServedTask::kEmbedding));
  ASSERT_OK_AND_ASSIGN(const auto client,
                       MakeOpenAiEmbeddingClient(server->endpoint(), clock_, 1, meter_));
  std::string endless;
  for (int i = 0; i < 2000; ++i) endless += "x ";
  const std::vector<std::string> texts{"cat", "kitten", "tax form", endless, ""};
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, client->Embed(texts, {}));
  EXPECT_EQ(rows.dim(), 384U);
  EXPECT_GT(Dot(rows.row(0), rows.row(1)), Dot(rows.row(0), rows.row(2)) + 0.2F);
}

TEST_F(LlmIntegrationTest, AModelFileThatIsNoneIsReported) {
  ManagedServerOptions options = OptionsFor(ServedTask::kChat);
  options.model = dir_.Write("broken.gguf", "not a model");
  EXPECT_THAT(ManagedServer::Start(options, clock_, {}),
              FailsWith(ErrorCode::kFailedPrecondition, "broken.gguf"));
}

// The server runs the program below python; what is between must not keep its stdin open.
TEST_F(LlmIntegrationTest, TheServerEndsWithAParentThatIsKilled) {
  std::array<int, 2> pid_pipe{};
  ASSERT_EQ(pipe2(pid_pipe.data(), O_CLOEXEC), 0);
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    const auto server = Start(ServedTask::kEmbedding);
    const int pid = server ? (*server)->pid() : -1;
    if (write(pid_pipe[1], &pid, sizeof pid) != sizeof pid) _exit(1);
    pause();
  }
  int server_pid = -1;
  ASSERT_EQ(read(pid_pipe[0], &server_pid, sizeof server_pid), ssize_t{sizeof server_pid});
  ASSERT_GT(server_pid, 0);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  // Gone, or a zombie that nobody has reaped yet: its command line is empty.
  const fs::path command = "/proc/" + std::to_string(server_pid) + "/cmdline";
  std::string left = "unknown";
  for (int i = 0; i < 500 && !left.empty(); ++i) {
    clock_.SleepFor(Milliseconds(20), {});
    std::array<char, 16> bytes{};
    const int fd = open(command.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : read(fd, bytes.data(), bytes.size());
    if (fd >= 0) close(fd);
    left.assign(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  EXPECT_EQ(left, "");
}

}  // namespace
}  // namespace twohop
