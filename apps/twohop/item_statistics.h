// What the event log says of the items.

#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/recall/co_click_table.h"

namespace twohop::app {

struct ItemStatistics {
  std::vector<ItemIndex> popularity;  // By clicks, most first: RankByClicks.
  std::vector<ItemIndex> newest;      // By their first event, the newest first: RankByNewness.
  CoClickTable co_clicks;
};

// One pass over the log; events of items that the catalogue lacks do not count.
//
// Errors: those of EventLog::Read; kCancelled.
Result<ItemStatistics> CountItemEvents(const EventLog& log, const Catalog& catalog,
                                       Progress& progress, const std::stop_token& stop);

}  // namespace twohop::app
