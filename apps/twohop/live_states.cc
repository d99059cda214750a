#include "apps/twohop/live_states.h"

#include <spdlog/spdlog.h>

#include "twohop/base/progress.h"
#include "twohop/nearline/state_materializer.h"

namespace twohop::app {

LiveStates::LiveStates(EventLog& log, UserStateStore& states, const Snapshot<Recaller>& recaller,
                       InterestWorker* worker)
    : log_(log), states_(states), recaller_(recaller), worker_(worker) {}

Status LiveStates::Apply() {
  const auto recaller = recaller_.Get();
  const auto silent = MakeSilentProgress();
  MutexLock lock(applying_);
  TWOHOP_RETURN_IF_ERROR(
      MaterializeStates(log_, states_, recaller->bundle().catalog(), *silent, {}));
  return Ok();
}

void LiveStates::OnEvents(std::span<const Event> events) {
  if (const Status applied = Apply(); !applied.has_value()) {
    spdlog::error("events are logged but not in the user states yet: {}",
                  applied.error().message());
    return;
  }
  if (worker_ == nullptr) return;
  for (const Event& event : events) {
    if (event.type != EventType::kSearch && event.type != EventType::kFeedback) continue;
    if (const Status queued = worker_->Enqueue(event.user); !queued.has_value()) {
      spdlog::warn("user {} is not refreshed now: {}", event.user.value(),
                   queued.error().message());
    }
  }
}

}  // namespace twohop::app
