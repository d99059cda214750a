// From the event log to user states.

#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

struct MaterializeOptions {
  // Events worked in at once. More: users who occur often are written less often. Less: less
  // memory, and less to do again after a crash. Some 1 KB each.
  std::size_t batch_size = 50'000;
};

struct MaterializeReport {
  std::uint64_t events = 0;         // Worked in by this call.
  std::uint64_t unknown_items = 0;  // Of those, how many name an item that the catalogue lacks.
  LogOffset next;                   // Where the following call starts.
};

// Works every event of `log` that is not in `states` yet into them, up to the end that the log has
// at the time of the call; each with the category that `catalog` knows for its item. Blocks.
//
// Each batch goes in whole with its offset, so this may be stopped or killed at any time: the next
// call goes on where this one was, and no event counts twice. An empty store is rebuilt from the
// start of the log, with the same result.
//
// REQUIRES: no other call works events into `states` meanwhile.
//
// Errors: kCancelled if a stop was requested, between batches; kFailedPrecondition if `states`
// holds events that the log does not have; those of EventLog::Read and UserStateStore::Apply. What
// was worked in before stays.
Result<MaterializeReport> MaterializeStates(const EventLog& log, UserStateStore& states,
                                            const Catalog& catalog, Progress& progress,
                                            std::stop_token stop,
                                            const MaterializeOptions& options = {});

// The event with what the catalogue knows of its item: nothing, if it does not have it.
StateEvent ToStateEvent(Event event, const Catalog& catalog);

}  // namespace twohop
