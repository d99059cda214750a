// Size and seed of a made-up community, as `generate` and `demo` take them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "twohop/simulate/community_generator.h"

namespace twohop::app {

struct CommunityFlags {
  std::size_t users = 5'000;
  std::size_t items = 20'000;
  int days = 60;
  std::uint64_t seed = 1;

  // Adds the options to a subcommand, bound to this object, which must outlive parsing.
  void AddTo(CLI::App& command);

  CommunityOptions ToOptions() const;
};

// Two lines for a person.
std::string DescribeCommunity(const CommunitySummary& summary);

}  // namespace twohop::app
