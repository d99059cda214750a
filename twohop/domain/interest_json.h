// Latent interests and graphs as JSON, for answers and exports.

#pragma once

#include "twohop/base/json.h"
#include "twohop/domain/latent_interest.h"

namespace twohop {

// Every field but the embedding, with "path" as PathInWords().
Json InterestToJson(const LatentInterest& interest);

// {"model", "prompt_version", "strategy", "seed", "time", "taxonomy"}
Json ProvenanceToJson(const Provenance& provenance);

// {"nodes": [{"id", "kind", "text", "category"?}], "edges": [{"from", "to", "relation"}]}
Json GraphToJson(const InterestGraph& graph);

}  // namespace twohop
