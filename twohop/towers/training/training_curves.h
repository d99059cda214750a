// A training run as a picture.

#pragma once

#include <string>

#include "twohop/towers/training/trainer.h"

namespace twohop {

// An SVG image of the loss by batches and, if there was any, the validation's NDCG@10 by epochs,
// one panel each, with the epoch marked whose weights the model has. Equal summaries give equal
// bytes; a summary without any point gives axes alone.
std::string TrainingCurvesSvg(const TrainSummary& summary);

}  // namespace twohop
