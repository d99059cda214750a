#include "twohop/llm/managed_server.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/mutex.h"
#include "twohop/base/text.h"
#include "twohop/llm/child_process.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/private_folder.h"
#include "twohop/llm/token_meter.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;
using llm_internal::ChildProcess;
using llm_internal::PrivateFolder;

constexpr Milliseconds kMaxRestartBackoff{30'000};
// A server that ran for so long did not fail because of how it was started.
constexpr std::chrono::minutes kStableAfter{1};

Status RequireFile(const fs::path& path, std::string_view what) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return Ok();
  return FailedPrecondition(
      fmt::format("{} is not there: {}; run scripts/setup", what, path.string()));
}

ManagedServerOptions WithDefaults(ManagedServerOptions options) {
  constexpr std::uint32_t kChatContext = 2048;
  constexpr std::uint32_t kEmbeddingContext = 512;  // As much as MiniLM and its like take in.
  const bool chat = options.task == ServedTask::kChat;
  if (options.model_name.empty()) options.model_name = options.model.stem().string();
  if (options.threads == 0) options.threads = std::max(1U, std::thread::hardware_concurrency());
  if (options.context_per_slot == 0) {
    options.context_per_slot = chat ? kChatContext : kEmbeddingContext;
  }
  return options;
}

std::vector<std::string> CommandLine(const ManagedServerOptions& options,
                                     const std::string& socket) {
  std::vector<std::string> argv{
      options.python.string(),
      options.script.string(),
      "--socket=" + socket,
      "--model=" + options.model.string(),
      "--alias=" + options.model_name,
      fmt::format("--mode={}", options.task == ServedTask::kChat ? "chat" : "embedding"),
      fmt::format("--slots={}", options.slots),
      fmt::format("--context-per-slot={}", options.context_per_slot),
      fmt::format("--threads={}", options.threads)};
  if (!options.adapter.empty()) argv.push_back("--adapter=" + options.adapter.string());
  return argv;
}

bool IsReadyLine(const std::string& line) {
  const Result<Json> json = ParseJson(line);
  return json && json->is_object() && json->value("ready", Json()) == true;
}

Status WaitUntilReady(ChildProcess& child, Milliseconds timeout, std::stop_token stop) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
    auto line = child.ReadLine(left, stop);
    if (!line && line.error().code() == ErrorCode::kDeadlineExceeded) {
      return DeadlineExceeded(fmt::format("it is not ready after {} ms", timeout.count()));
    }
    if (!line) return tl::unexpected<Error>(line.error());
    if (!line->has_value()) return FailedPrecondition("it ended");
    if (IsReadyLine(**line)) return Ok();
  }
}

// The proof that it is our server that answers, and that the model in it works.
Status AskOnce(Endpoint endpoint, ServedTask task, const Clock& clock, std::stop_token stop) {
  TokenMeter meter;
  endpoint.max_attempts = 1;
  if (task == ServedTask::kEmbedding) {
    TWOHOP_ASSIGN_OR_RETURN(const auto client,
                            MakeOpenAiEmbeddingClient(endpoint, clock, 1, meter));
    const std::vector<std::string> texts{"ready"};
    TWOHOP_RETURN_IF_ERROR(client->Embed(texts, stop));
    return Ok();
  }
  TWOHOP_ASSIGN_OR_RETURN(const auto client, MakeOpenAiChatClient(endpoint, clock, 1, meter));
  ChatRequest request;
  request.messages.push_back({ChatRole::kUser, "Ready?"});
  request.max_tokens = 1;
  TWOHOP_RETURN_IF_ERROR(client->Complete(request, stop));
  return Ok();
}

// The last lines of the log from `start` on, in one line.
std::string LogTail(const fs::path& log_file, std::size_t start) {
  constexpr std::size_t kTailBytes = 600;
  const Result<std::string> log = ReadFile(log_file);
  if (!log || log->size() <= start) return "(nothing)";
  std::string_view tail = std::string_view(*log).substr(start);
  if (tail.size() > kTailBytes) {
    tail.remove_prefix(tail.size() - kTailBytes);
    tail.remove_prefix(std::min(tail.find('\n'), tail.size() - 1) + 1);
  }
  std::string joined;
  for (const std::string_view line : Split(Trim(tail), '\n')) {
    if (!joined.empty()) joined += " | ";
    joined += Trim(line);
  }
  return joined;
}

std::size_t FileBytes(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

class LocalServer final : public ManagedServer {
 public:
  LocalServer(ManagedServerOptions options, PrivateFolder folder, const Clock& clock)
      : options_(std::move(options)), folder_(std::move(folder)), clock_(clock) {}

  ~LocalServer() override {
    watcher_.request_stop();
    if (watcher_.joinable()) watcher_.join();
    if (child_) child_->End(options_.stop_grace);
  }

  Status StartFirst(std::stop_token stop) {
    const Status log = WriteFileAtomically(options_.log_file, "");
    if (!log) return Annotate(log, "the model server's log");
    TWOHOP_RETURN_IF_ERROR(Launch(std::move(stop)));
    watcher_ = std::jthread([this](std::stop_token ending) { Watch(std::move(ending)); });
    return Ok();
  }

  Endpoint endpoint() const override {
    Endpoint endpoint;
    endpoint.base_url = "http://localhost/v1";
    endpoint.unix_socket = Socket();
    endpoint.model = options_.model_name;
    endpoint.max_concurrency = options_.slots;
    if (!options_.adapter.empty()) endpoint.adapter_id = 0;
    if (options_.task == ServedTask::kEmbedding) {
      // No token is shorter than a byte, and two tokens frame the text: what is so short always
      // fits.
      endpoint.max_text_bytes = options_.context_per_slot - 2;
    }
    return endpoint;
  }

  int pid() const override { return pid_; }
  std::size_t restarts() const override { return restarts_; }
  Status status() const override {
    MutexLock lock(mutex_);
    return status_;
  }

 private:
  std::string Socket() const { return (folder_.path() / "llm.sock").string(); }

  Status Launch(std::stop_token stop) {
    const std::size_t log_start = FileBytes(options_.log_file);
    TWOHOP_ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::Spawn(CommandLine(options_, Socket()),
                                                                    options_.log_file));
    Status ready = WaitUntilReady(child, options_.start_timeout, stop);
    if (ready) ready = AskOnce(FirstQuestion(), options_.task, clock_, stop);
    if (!ready) {
      const std::string end = child.End(Milliseconds(100));
      if (ready.error().code() == ErrorCode::kCancelled) return ready;
      return tl::unexpected<Error>(
          Error(ready.error().code(),
                fmt::format("the model server for {} does not start: {} ({}). The end of {}: {}",
                            options_.model.string(), ready.error().message(), end,
                            options_.log_file.string(), LogTail(options_.log_file, log_start))));
    }
    pid_ = child.pid();
    child_ = std::move(child);
    started_ = clock_.Monotonic();
    return Ok();
  }

  Endpoint FirstQuestion() const {
    Endpoint endpoint = this->endpoint();
    endpoint.request_timeout = options_.start_timeout;
    return endpoint;
  }

  void Watch(std::stop_token stop) {
    while (child_->WaitForEnd(stop)) {
      child_->End(Milliseconds(100));
      if (clock_.Monotonic() - started_ > kStableAfter) restarts_in_a_row_ = 0;
      if (!Restart(stop)) return;
    }
  }

  // Until one attempt succeeds; false if none did or a stop was requested.
  bool Restart(const std::stop_token& stop) {
    Status failure = Unavailable("it ended again and again");
    while (restarts_in_a_row_ < options_.max_restarts) {
      if (!clock_.SleepFor(RestartPause(), stop)) return false;
      ++restarts_in_a_row_;
      failure = Launch(stop);
      if (failure) {
        ++restarts_;
        return true;
      }
      if (stop.stop_requested()) return false;
    }
    MutexLock lock(mutex_);
    status_ = Unavailable(fmt::format("the model server ended and {} restarts did not help: {}",
                                      restarts_in_a_row_, failure.error().message()));
    return false;
  }

  Milliseconds RestartPause() const {
    Milliseconds pause = options_.restart_backoff;
    for (std::size_t i = 0; i < restarts_in_a_row_ && pause < kMaxRestartBackoff; ++i) pause *= 2;
    return std::min(pause, kMaxRestartBackoff);
  }

  const ManagedServerOptions options_;
  const PrivateFolder folder_;
  const Clock& clock_;
  std::atomic<int> pid_ = -1;
  std::atomic<std::size_t> restarts_ = 0;
  mutable Mutex mutex_;
  Status status_ TWOHOP_GUARDED_BY(mutex_);

  // Of the starting thread, then of the watcher, then of the destructor.
  std::optional<ChildProcess> child_;
  std::chrono::nanoseconds started_{0};
  std::size_t restarts_in_a_row_ = 0;
  std::jthread watcher_;
};

}  // namespace

Status ManagedServerOptions::Validate() const {
  constexpr std::uint32_t kLeastContext = 64;
  const char* broken = nullptr;
  if (log_file.empty()) broken = "log_file must be given";
  if (slots == 0 || slots > 256) broken = "slots must be in [1, 256]";
  if (context_per_slot != 0 && context_per_slot < kLeastContext) {
    broken = "context_per_slot must be 0 or at least 64";
  }
  if (!adapter.empty() && task != ServedTask::kChat) broken = "adapter is for ServedTask::kChat";
  if (start_timeout <= Milliseconds(0)) broken = "start_timeout must be above 0";
  if (restart_backoff < Milliseconds(0)) broken = "restart_backoff must not be below 0";
  if (stop_grace < Milliseconds(0)) broken = "stop_grace must not be below 0";
  if (broken == nullptr) return Ok();
  return InvalidArgument(std::string("managed server: ") + broken);
}

Result<std::unique_ptr<ManagedServer>> ManagedServer::Start(ManagedServerOptions options,
                                                            const Clock& clock,
                                                            std::stop_token stop) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_RETURN_IF_ERROR(RequireFile(options.python, "the Python environment"));
  TWOHOP_RETURN_IF_ERROR(RequireFile(options.script, "the model server's script"));
  TWOHOP_RETURN_IF_ERROR(RequireFile(options.model, "the model"));
  if (!options.adapter.empty()) {
    TWOHOP_RETURN_IF_ERROR(RequireFile(options.adapter, "the adapter"));
  }
  TWOHOP_ASSIGN_OR_RETURN(PrivateFolder folder, PrivateFolder::Make());
  auto server =
      std::make_unique<LocalServer>(WithDefaults(std::move(options)), std::move(folder), clock);
  TWOHOP_RETURN_IF_ERROR(server->StartFirst(std::move(stop)));
  return server;
}

}  // namespace twohop
