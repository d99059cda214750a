// How long the default demo community takes, from the loaded blueprint to the last byte.

#include <benchmark/benchmark.h>

#include "twohop/simulate/community_generator.h"
#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop {
namespace {

class NowhereOutput final : public CommunityOutput {
 public:
  Status Append(CommunityFile, std::string_view rows) override {
    bytes_ += rows.size();
    return Ok();
  }
  Status Finish() override { return Ok(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

// Run from the repository's root.
void BM_GenerateCommunity(benchmark::State& state) {
  const CommunityBlueprint blueprint = LoadDemoBlueprint("data/community");
  CommunityOptions options;
  options.users = static_cast<std::size_t>(state.range(0));
  const auto progress = MakeSilentProgress();
  CommunitySummary summary;
  std::size_t bytes = 0;
  for (auto _ : state) {
    NowhereOutput output;
    summary = *GenerateCommunity(blueprint, options, output, *progress);
    bytes = output.bytes();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(summary.events));
  state.counters["events"] = static_cast<double>(summary.events);
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_GenerateCommunity)->Arg(500)->Arg(5'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twohop
