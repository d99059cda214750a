// The configuration file as options of training.

#pragma once

#include "apps/common/config.h"

#include "twohop/towers/training/train_options.h"

namespace twohop::app {

// Threads and time limit keep their defaults.
//
// REQUIRES: the config came from ParseConfig.
TrainOptions TrainOptionsOf(const TrainConfig& config);

}  // namespace twohop::app
