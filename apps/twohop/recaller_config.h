// From the configuration file to the options of a recaller.

#pragma once

#include "apps/common/config.h"

#include "twohop/base/result.h"
#include "twohop/recall/recaller_options.h"

namespace twohop::app {

// Errors: kInvalidArgument for what ParseConfig does not look at: channels that claim the same
// place, or none with a share.
Result<RecallerOptions> RecallerOptionsFrom(const RecallConfig& config);

}  // namespace twohop::app
