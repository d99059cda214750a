// What an export holds and where it came from, for a person.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "twohop/distill/dataset_split.h"
#include "twohop/distill/preference_pairs.h"
#include "twohop/distill/row_filters.h"
#include "twohop/distill/training_rows.h"

namespace twohop {

// A file that was read.
struct DataCardInput {
  std::string role;  // "traces"
  std::string path;  // As it was given.
  std::uint64_t hash = 0;
  std::size_t rows = 0;       // That were used.
  std::size_t bad_lines = 0;  // That were named and left out.
};

// All that an export knows about itself; no clock and no machine, so that equal exports have equal
// cards.
struct DataCard {
  std::string command_line;  // Without the folder it wrote to.
  std::uint64_t seed = 0;
  std::vector<std::string> source_notes;  // Licence and provenance, in the words of the caller.
  std::vector<DataCardInput> inputs;
  std::array<std::vector<TrainingRow>, kDatasetSideCount> rows;  // By DatasetSide; that were kept.
  std::vector<PreferencePair> pairs;
  std::size_t unfit_pairs = 0;
  RowRejectionCounts rejected{};
  SkippedSources skipped;
};

// Markdown: counts per source, task and side, what was left out and why, lengths, level-1 coverage,
// provenance. Lengths in tokens are bytes / 4, an estimate that no tokenizer stands behind.
std::string DescribeDataCard(const DataCard& card, const Taxonomy& taxonomy);

}  // namespace twohop
