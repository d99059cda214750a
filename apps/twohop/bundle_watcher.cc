#include "apps/twohop/bundle_watcher.h"

#include <memory>

#include <spdlog/spdlog.h>

#include "twohop/recall/bundle.h"

namespace twohop::app {
namespace {

constexpr Milliseconds kInterval{2000};

}  // namespace

void RunBundleWatcher(const Workspace& workspace, const Clock& clock, Snapshot<Recaller>& recaller,
                      std::stop_token stop) {
  std::string seen = recaller.Get()->bundle().version();
  while (clock.SleepFor(kInterval, stop)) {
    const Result<std::string> version = CurrentBundleVersion(workspace.bundles());
    if (!version.has_value() || *version == seen) continue;
    seen = *version;
    const auto bundle = LoadCurrentBundle(workspace.bundles());
    if (!bundle.has_value()) {
      spdlog::error("bundle {} is not served: {}", seen, bundle.error().message());
      continue;
    }
    recaller.Publish(std::make_shared<const Recaller>(*bundle, clock));
    spdlog::info("serving bundle {}", seen);
  }
}

}  // namespace twohop::app
