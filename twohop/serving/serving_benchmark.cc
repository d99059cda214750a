// The cost of a recall over HTTP: a real server on loopback, one connection per client with
// keep-alive, users with clicks and an interest, a bundle of 48 items (so the search itself is
// small). Counters: requests/s over all clients, p50 and p99 in microseconds as a client sees them.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "twohop/base/check.h"
#include "twohop/base/clock.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/api_server.h"
#include "twohop/serving/testing/memory_event_log.h"
#include "twohop/serving/testing/memory_user_states.h"
#include "twohop/serving/testing/raw_http_client.h"

namespace twohop {
namespace {

class ServedApi {
 public:
  ServedApi() {
    UserState user = TinyUser({"tents-0", "tents-1", "kettles-2"});
    user.interests = InterestSet{.interests = {TinyInterest("mats"), TinyInterest("lipsticks")},
                                 .created = clock_.Now()};
    states_.Put(user);
    auto server = ApiServer::Start({.recaller = recaller_,
                                    .states = states_,
                                    .events = log_,
                                    .clock = clock_,
                                    .on_events = {},
                                    .server_stats = {}},
                                   {}, {});
    TWOHOP_CHECK(server.has_value());
    server_ = *std::move(server);
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  SystemClock clock_;
  Snapshot<Recaller> recaller_{std::make_shared<const Recaller>(MakeTinyBundle(), clock_)};
  MemoryUserStates states_;
  MemoryEventLog log_;
  std::unique_ptr<ApiServer> server_;
};

double Quantile(std::vector<double>& sorted, double quantile) {
  std::sort(sorted.begin(), sorted.end());
  return sorted[static_cast<std::size_t>(quantile * static_cast<double>(sorted.size() - 1))];
}

void RecallOverHttp(benchmark::State& state) {
  static const ServedApi& served = *new ServedApi();
  RawHttpClient client(served.port());
  const SystemClock clock;
  std::vector<double> micros;
  for (auto _ : state) {
    const Stopwatch watch(clock);
    const auto response = client.Post("/v1/recall", R"({"user": "u", "k": 20})");
    if (!response || response->status != 200) state.SkipWithError("no answer");
    micros.push_back(watch.elapsed_seconds() * 1e6);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["p50_us"] =
      benchmark::Counter(Quantile(micros, 0.5), benchmark::Counter::kAvgThreads);
  state.counters["p99_us"] =
      benchmark::Counter(Quantile(micros, 0.99), benchmark::Counter::kAvgThreads);
}

BENCHMARK(RecallOverHttp)->Threads(1)->Threads(4)->Threads(16)->UseRealTime();

}  // namespace
}  // namespace twohop
