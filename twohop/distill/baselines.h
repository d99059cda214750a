// Contestants that know nothing of the user: what a figure of the judge must be compared with.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twohop/distill/judge.h"
#include "twohop/distill/trace.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct BaselineOptions {
  std::size_t interests = 6;  // Per user.
  std::size_t max_per_level1 = 2;
};

// Categories drawn at random among those whose level-1 is new to the user. The same user and seed
// give the same answer.
Contestant RandomContestant(std::shared_ptr<const Taxonomy> taxonomy, std::uint64_t seed,
                            const BaselineOptions& options = {});

// The categories that occur most often among the interests of `traces`, of those whose level-1 is
// new to the user; ties by ascending index.
Contestant PopularContestant(std::shared_ptr<const Taxonomy> taxonomy,
                             std::span<const Trace> traces, const BaselineOptions& options = {});

// What somebody answered before, by user id, as it was recorded.
//
// Its answer fails with kNotFound for a user without a trace.
Contestant RecordedContestant(std::string name, std::vector<Trace> traces,
                              std::shared_ptr<const Taxonomy> taxonomy);

}  // namespace twohop
