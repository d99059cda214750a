// User states that follow the event log while requests are served.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"
#include "apps/twohop/reason_pipeline.h"

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/base/snapshot.h"
#include "twohop/domain/event.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/nearline/interest_worker.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

// Works what the log receives into the states at once, and hands users who searched or gave
// feedback to a worker that refreshes their interests, if there is one.
//
// Thread-safe. The arguments must outlive it.
class LiveStates {
 public:
  LiveStates(EventLog& log, UserStateStore& states, const Snapshot<Recaller>& recaller,
             InterestWorker* worker);  // `worker` may be null.

  // The log has these events now. A failure to apply them is logged and made good by the next call:
  // the log is the truth.
  void OnEvents(std::span<const Event> events);

 private:
  Status Apply();

  EventLog& log_;
  UserStateStore& states_;
  const Snapshot<Recaller>& recaller_;
  InterestWorker* const worker_;
  Mutex applying_;  // One at a time: each reads where the one before it ended.
};

}  // namespace twohop::app
