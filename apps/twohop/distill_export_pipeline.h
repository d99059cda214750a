// From traces and edges to a folder of fine-tuning data.

#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/distill/data_card.h"
#include "twohop/distill/dataset_split.h"
#include "twohop/distill/row_filters.h"
#include "twohop/distill/training_rows.h"
#include "twohop/reasoning/prompt_set.h"

namespace twohop::app {

struct DistillExportOptions {
  std::vector<std::filesystem::path> traces;   // At least one file of traces ...
  std::vector<std::filesystem::path> edges;    // ... or of edges.
  std::filesystem::path labels;                // Empty: none; goes together with answers.
  std::vector<std::filesystem::path> answers;  // Traces of a model's answers for labelled users.
  std::filesystem::path taxonomy;
  std::filesystem::path out;  // The folder.
  bool replace = false;       // The files of an earlier export; other files are left alone.
  RowOptions rows;
  RowFilterOptions filters;
  SplitOptions split;
  std::vector<std::string> source_notes;  // Licence and provenance, for the data card.
  std::string command_line;               // For the data card.

  // Errors: kInvalidArgument, naming what is missing or wrong.
  Status Validate() const;
};

// Called with "file:line: why" for every line that is left out.
using BadLineSink = std::function<void(std::string_view)>;

// Splits the sources, makes rows of either side, filters, shuffles, and writes the files of
// twohop/distill/export_formats.h and data_card.md, the card last: a folder with a card is whole.
// The same inputs and options give the same bytes. Labelled users of the validation side and its
// demands give no preference pairs.
//
// Errors: those of Validate, LoadTaxonomy, ReadTraces, ReadDemandEdges and ReadLabels;
// kInvalidArgument if a file of traces or edges has no good line, or no training row is left;
// kFailedPrecondition if `out` holds something and `replace` is not set; those of
// WriteFileAtomically. Nothing was written unless the last of these happened.
Result<DataCard> ExportTrainingData(const DistillExportOptions& options, const PromptSet& prompts,
                                    const BadLineSink& bad_line);

// A few lines for a person.
std::string DescribeExport(const DataCard& card);

}  // namespace twohop::app
