// model.json: the description of a model as text.

#pragma once

#include <string>
#include <string_view>

#include "twohop/base/result.h"
#include "twohop/towers/model_file.h"

namespace twohop::towers_internal {

struct ModelJson {
  ModelDescription description;
  std::string weights;  // Fingerprint of the weights that belong to it.
};

std::string ModelToJson(const ModelJson& model);

// Errors: kDataLoss if the text is not JSON or a field is missing or out of range, naming it;
// kUnimplemented if a newer version wrote it.
Result<ModelJson> ParseModelJson(std::string_view text);

}  // namespace twohop::towers_internal
