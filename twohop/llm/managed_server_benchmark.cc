// Requests, tokens and texts per second of the real small models on two threads, from outside; and
// the same per second of the server's CPU time, which other work on the machine hardly changes.
// Needs what scripts/setup fetches. Prompts differ, so that no cached prefix helps.
//
//   managed_server_benchmark [--benchmark_filter=Chat]

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include "twohop/base/check.h"
#include "twohop/base/clock.h"
#include "twohop/base/parallel.h"
#include "twohop/llm/managed_server.h"
#include "twohop/llm/openai_client.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kThreads = 2;

std::unique_ptr<ManagedServer> StartServer(ServedTask task, const Clock& clock) {
  const char* folder = std::getenv("TWOHOP_CACHE_DIR");
  const fs::path cache =
      folder != nullptr ? fs::path(folder) : fs::path(TWOHOP_SOURCE_DIR) / ".cache";
  ManagedServerOptions options;
  options.python = cache / "venv/bin/python";
  options.script = fs::path(TWOHOP_SOURCE_DIR) / "python/llm_server.py";
  options.model =
      cache / "models" /
      (task == ServedTask::kChat ? "smollm2-135m-instruct.gguf" : "all-minilm-l6-v2.gguf");
  options.task = task;
  options.threads = kThreads;
  options.log_file = fs::temp_directory_path() / "managed_server_benchmark.log";
  auto server = ManagedServer::Start(options, clock, {});
  if (!server) fmt::print(stderr, "{}\n", server.error().message());
  return server ? *std::move(server) : nullptr;
}

// Of all threads of a process, so far.
double CpuSeconds(int pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string field;
  constexpr int kFieldsBeforeUserTime = 13;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) in >> field;
  double user_ticks = 0;
  double system_ticks = 0;
  in >> user_ticks >> system_ticks;
  return (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void Count(benchmark::State& state, const std::string& what, double count, double cpu_seconds) {
  state.counters[what + "/s"] = benchmark::Counter(count, benchmark::Counter::kIsRate);
  state.counters[what + "/cpu_s"] = count / cpu_seconds;
}

ChatRequest Question(std::size_t number) {
  ChatRequest request;
  request.messages = {
      {ChatRole::kSystem, "You name the demands behind what a shopper searches for."},
      {ChatRole::kUser, fmt::format("Shopper {} searches: trail shoes, rain jacket, map. "
                                    "Name four demands in a few words each.",
                                    number * 7919)}};
  request.json_schema = R"({"type":"object","additionalProperties":false,"required":["demands"],
      "properties":{"demands":{"type":"array","minItems":4,"maxItems":4,
                               "items":{"type":"string","maxLength":24}}}})";
  request.max_tokens = 96;
  return request;
}

void Chat(benchmark::State& state) {
  const SystemClock clock;
  TokenMeter meter;
  const auto server = StartServer(ServedTask::kChat, clock);
  if (!server) return state.SkipWithError("no server");
  const auto client = *MakeOpenAiChatClient(server->endpoint(), clock, 1, meter);
  const auto in_flight = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t kRequests = 12;
  const double cpu_before = CpuSeconds(server->pid());
  for (auto _ : state) {
    ParallelFor(kRequests, in_flight, {}, [&](std::size_t i) {
      TWOHOP_CHECK(client->Complete(Question(i), {}).has_value());
    });
  }
  const double cpu = CpuSeconds(server->pid()) - cpu_before;
  const TokenUsage used = meter.Total().usage;
  Count(state, "requests", static_cast<double>(used.calls), cpu);
  Count(state, "completion_tokens", static_cast<double>(used.completion_tokens), cpu);
}
BENCHMARK(Chat)->Arg(1)->Arg(2)->Arg(4)->ArgName("in_flight")->Iterations(1)->UseRealTime();

// Texts of about 20 words, as item titles with their categories are.
void Embed(benchmark::State& state) {
  const SystemClock clock;
  TokenMeter meter;
  const auto server = StartServer(ServedTask::kEmbedding, clock);
  if (!server) return state.SkipWithError("no server");
  const auto client = *MakeOpenAiEmbeddingClient(server->endpoint(), clock, 1, meter);
  std::vector<std::string> texts;
  for (int i = 0; i < 256; ++i) {
    texts.push_back(fmt::format(
        "light waterproof trail running shoe number {} with a wide toe box for long days in the "
        "mountains, sports and outdoors",
        i));
  }
  const double cpu_before = CpuSeconds(server->pid());
  for (auto _ : state) TWOHOP_CHECK(client->Embed(texts, {}).has_value());
  Count(state, "texts", static_cast<double>(texts.size()), CpuSeconds(server->pid()) - cpu_before);
}
BENCHMARK(Embed)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace twohop
