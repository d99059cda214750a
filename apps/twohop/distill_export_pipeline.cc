#include "apps/twohop/distill_export_pipeline.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <system_error>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/rng.h"
#include "twohop/distill/export_formats.h"
#include "twohop/distill/preference_pairs.h"
#include "twohop/distill/trace.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/reasoning/demand_edges.h"

namespace twohop::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCardName = "data_card.md";

Status CheckFolder(const DistillExportOptions& options) {
  std::error_code error;
  const fs::file_status status = fs::status(options.out, error);
  if (!fs::exists(status)) return Ok();
  if (!fs::is_directory(status)) {
    return FailedPrecondition(fmt::format("{} is not a folder", options.out.string()));
  }
  const bool is_empty = fs::is_empty(options.out, error);
  if (error) {
    return ErrnoError(fmt::format("cannot read {}", options.out.string()), error.value());
  }
  if (is_empty || options.replace) return Ok();
  return FailedPrecondition(
      fmt::format("{} is not empty; --force replaces an export", options.out.string()));
}

// All that is read, with a line of the card for every file.
class SourceReader {
 public:
  SourceReader(const DistillExportOptions& options, const BadLineSink& bad_line)
      : options_(options), bad_line_(bad_line) {}

  Status Read() {
    TWOHOP_RETURN_IF_ERROR(ReadTaxonomy());
    TWOHOP_RETURN_IF_ERROR(ReadAll("traces", options_.traces, ReadTraces, sources_.traces));
    TWOHOP_RETURN_IF_ERROR(ReadAll("edges", options_.edges, ReadDemandEdges, sources_.edges));
    TWOHOP_RETURN_IF_ERROR(ReadAll("answers", options_.answers, ReadTraces, answers_));
    return ReadAllLabels();
  }

  const Taxonomy& taxonomy() const { return *taxonomy_; }
  TrainingSources TakeSources() { return std::move(sources_); }
  const std::vector<LabelledUser>& labels() const { return labels_; }
  const std::vector<Trace>& answers() const { return answers_; }
  std::vector<DataCardInput> TakeInputs() { return std::move(inputs_); }

 private:
  Status ReadTaxonomy() {
    TWOHOP_ASSIGN_OR_RETURN(Taxonomy taxonomy, LoadTaxonomy(options_.taxonomy));
    taxonomy_ = std::make_unique<const Taxonomy>(std::move(taxonomy));
    return AddInput("taxonomy", options_.taxonomy, taxonomy_->size(), 0);
  }

  Status ReadAllLabels() {
    if (options_.labels.empty()) return Ok();
    TWOHOP_ASSIGN_OR_RETURN(labels_, ReadLabels(options_.labels, *taxonomy_));
    return AddInput("labels", options_.labels, labels_.size(), 0);
  }

  template <typename Row>
  Status ReadAll(const char* role, const std::vector<fs::path>& files,
                 Result<JsonlRows<Row>> (*read)(const fs::path&, const Taxonomy&),
                 std::vector<Row>& rows) {
    for (const fs::path& file : files) {
      TWOHOP_ASSIGN_OR_RETURN(JsonlRows<Row> found, read(file, *taxonomy_));
      for (const LineFault& fault : found.faults) {
        bad_line_(fmt::format("{}:{}: {}", file.string(), fault.line, fault.reason));
      }
      if (found.rows.empty()) {
        return InvalidArgument(fmt::format("{}: all {} lines are bad, the first for: {}",
                                           file.string(), found.faults.size(),
                                           found.faults.front().reason));
      }
      TWOHOP_RETURN_IF_ERROR(AddInput(role, file, found.rows.size(), found.faults.size()));
      std::move(found.rows.begin(), found.rows.end(), std::back_inserter(rows));
    }
    return Ok();
  }

  Status AddInput(const char* role, const fs::path& file, std::size_t rows, std::size_t bad_lines) {
    TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t hash, HashFile(file));
    inputs_.push_back(
        {.role = role, .path = file.string(), .hash = hash, .rows = rows, .bad_lines = bad_lines});
    return Ok();
  }

  const DistillExportOptions& options_;
  const BadLineSink& bad_line_;
  std::unique_ptr<const Taxonomy> taxonomy_;
  TrainingSources sources_;
  std::vector<LabelledUser> labels_;
  std::vector<Trace> answers_;
  std::vector<DataCardInput> inputs_;
};

void Shuffle(std::string_view side, std::uint64_t seed, std::vector<TrainingRow>& rows) {
  Rng rng = Rng(seed).Fork(side);
  rng.Shuffle(std::span<TrainingRow>(rows));
}

void MakeRows(const SplitSources& split, const DistillExportOptions& options,
              const Taxonomy& taxonomy, const PromptSet& prompts, DataCard& card) {
  RowFilter filter(prompts.blocklist, options.filters);
  const auto make = [&](const TrainingSources& sources) {
    TrainingRows made = BuildTrainingRows(sources, taxonomy, prompts, options.rows);
    card.skipped += made.skipped;
    return filter.Keep(std::move(made.rows));
  };
  auto& [training, validation] = card.rows;
  training = make(split.training);
  validation = make(split.validation);
  card.rejected = filter.rejected();
  card.rejected[static_cast<std::size_t>(RowRejection::kSharedQuestion)] +=
      RemoveSharedQuestions(training, validation);
  Shuffle("training rows", options.rows.seed, training);
  Shuffle("validation rows", options.rows.seed, validation);
}

std::vector<Trace> AnswersForTraining(const std::vector<Trace>& answers,
                                      const SplitOptions& options) {
  std::vector<Trace> kept;
  std::copy_if(answers.begin(), answers.end(), std::back_inserter(kept), [&](const Trace& trace) {
    return SideOfUser(trace.user.profile.id, options) == DatasetSide::kTraining;
  });
  return kept;
}

// True if the pair may be learnt from and no equal one was seen.
bool IsFit(const PreferencePair& pair, const PromptSet& prompts,
           std::unordered_set<std::string>& seen) {
  const std::string text =
      fmt::format("{}\n{}\n{}", pair.prompt.back().content, pair.chosen, pair.rejected);
  return !FindUnfit(text, prompts.blocklist) && seen.insert(text).second;
}

void MakePairs(const SplitSources& split, const SourceReader& reader,
               const DistillExportOptions& options, const PromptSet& prompts, DataCard& card) {
  const std::vector<Trace> answers = AnswersForTraining(reader.answers(), options.split);
  std::vector<PreferencePair> pairs =
      PairsFromLabels(reader.labels(), answers, reader.taxonomy(), prompts, options.rows);
  std::vector<PreferencePair> of_edges =
      PairsFromEdges(split.training.edges, reader.taxonomy(), prompts, options.rows);
  std::move(of_edges.begin(), of_edges.end(), std::back_inserter(pairs));
  std::unordered_set<std::string> seen;
  card.unfit_pairs =
      std::erase_if(pairs, [&](const PreferencePair& pair) { return !IsFit(pair, prompts, seen); });
  Rng rng = Rng(options.rows.seed).Fork("preference pairs");
  rng.Shuffle(std::span<PreferencePair>(pairs));
  card.pairs = std::move(pairs);
}

Status RemoveFile(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (!error) return Ok();
  return ErrnoError(fmt::format("cannot remove {}", file.string()), error.value());
}

// The card of an earlier export goes first and the new one comes last.
Status WriteFiles(const fs::path& folder, const std::vector<ExportFile>& files,
                  std::string_view card) {
  TWOHOP_RETURN_IF_ERROR(MakeDirectories(folder));
  TWOHOP_RETURN_IF_ERROR(RemoveFile(folder / kCardName));
  std::unordered_set<std::string> written;
  for (const ExportFile& file : files) {
    TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(folder / file.name, file.content));
    written.insert(file.name);
  }
  for (const std::string& name : AllExportFileNames()) {
    if (!written.contains(name)) TWOHOP_RETURN_IF_ERROR(RemoveFile(folder / name));
  }
  return WriteFileAtomically(folder / kCardName, card);
}

std::vector<ExportFile> MakeFiles(const DataCard& card) {
  const auto& [training, validation] = card.rows;
  const ExportShape shape{.has_validation = !validation.empty(),
                          .has_examples = HasExamples(training) || HasExamples(validation),
                          .has_preferences = !card.pairs.empty(),
                          .seed = card.seed};
  std::vector<ExportFile> files = MakeDataFiles(training, validation, card.pairs, shape);
  for (ExportFile& config : MakeConfigFiles(shape)) files.push_back(std::move(config));
  return files;
}

}  // namespace

Status DistillExportOptions::Validate() const {
  if (traces.empty() && edges.empty()) return InvalidArgument("neither traces nor edges are given");
  if (labels.empty() != answers.empty()) {
    return InvalidArgument("labels and answers go together: a judge's scores, and what they score");
  }
  if (out.empty()) return InvalidArgument("no folder to write to is given");
  TWOHOP_RETURN_IF_ERROR(rows.Validate());
  TWOHOP_RETURN_IF_ERROR(filters.Validate());
  return split.Validate();
}

Result<DataCard> ExportTrainingData(const DistillExportOptions& options, const PromptSet& prompts,
                                    const BadLineSink& bad_line) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_RETURN_IF_ERROR(CheckFolder(options));
  SourceReader reader(options, bad_line);
  TWOHOP_RETURN_IF_ERROR(reader.Read());
  DataCard card{.command_line = options.command_line,
                .seed = options.rows.seed,
                .source_notes = options.source_notes,
                .inputs = reader.TakeInputs()};
  const SplitSources split = SplitTrainingSources(reader.TakeSources(), options.split);
  MakeRows(split, options, reader.taxonomy(), prompts, card);
  MakePairs(split, reader, options, prompts, card);
  if (card.rows[0].empty()) {
    return InvalidArgument("no training row is left; " + DescribeExport(card));
  }
  TWOHOP_RETURN_IF_ERROR(
      WriteFiles(options.out, MakeFiles(card), DescribeDataCard(card, reader.taxonomy())));
  return card;
}

std::string DescribeExport(const DataCard& card) {
  std::string text = fmt::format(
      "{} training rows, {} validation rows, {} preference pairs\nleft out:", card.rows[0].size(),
      card.rows[1].size(), card.pairs.size());
  for (std::size_t i = 0; i < kRowRejectionCount; ++i) {
    text +=
        fmt::format(" {} {}{}", card.rejected[i], RowRejectionName(static_cast<RowRejection>(i)),
                    i + 1 == kRowRejectionCount ? "" : ",");
  }
  return text +
         fmt::format("; {} searches of no category\n", card.skipped.searches_without_category);
}

}  // namespace twohop::app
