#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "apps/common/assets.h"
#include "apps/common/workspace.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/distill_export_pipeline.h"
#include <fmt/format.h>

namespace twohop::app {
namespace {

struct DistillExportFlags {
  std::string workspace = "workspace";
  std::string taxonomy;  // Empty: the workspace's.
  std::vector<std::string> traces;
  std::vector<std::string> edges;
  std::string labels;
  std::vector<std::string> answers;
  std::string out;
  std::vector<std::string> tasks{"hop1", "hop2"};
  std::vector<std::string> source_notes;
  std::size_t orders = RowOptions().orders;
  double near_duplicate = RowFilterOptions().near_duplicate;
  double validation_share = SplitOptions().validation_share;
  std::uint64_t seed = 1;
  bool force = false;

  void AddTo(CLI::App& command);
  std::string CommandLine() const;
  Result<DistillExportOptions> ToOptions() const;

 private:
  Result<std::filesystem::path> TaxonomyFile() const;
};

void DistillExportFlags::AddTo(CLI::App& command) {
  command.add_option("--traces", traces, "Files of a teacher's traces");
  command.add_option("--edges", edges, "Files of demands and what they call for");
  command.add_option("--out", out, "Folder for the data")->required();
  command.add_option("--taxonomy", taxonomy, "Of the traces; else that of --workspace");
  command.add_option("--workspace", workspace, "Folder that `twohop import` filled")
      ->capture_default_str();
  command.add_option("--tasks", tasks, "hop1, hop2, two_hop")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--orders", orders, "Hop 2 rows for a demand of the edges")
      ->capture_default_str();
  command.add_option("--labels", labels, "A judge's scores, for preference pairs");
  command.add_option("--answers", answers, "Traces of a model's answers for the labelled users");
  command
      .add_option("--validation-share", validation_share, "Of users and demands, not trained on")
      ->capture_default_str();
  command
      .add_option("--near-duplicate", near_duplicate, "From this similarity on a row is left out")
      ->capture_default_str();
  command.add_option("--source-note", source_notes,
                     "A line on licence or provenance, for the data card");
  command.add_option("--seed", seed, "Same inputs and seed: same files")->capture_default_str();
  command.add_flag("--force", force, "Replace the files of an earlier export");
}

// A word of a shell's command line.
std::string Quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string Option(const char* name, const std::vector<std::string>& values) {
  std::string option;
  for (const std::string& value : values) option += " " + Quoted(value);
  return values.empty() ? option : fmt::format(" \\\n  {}{}", name, option);
}

std::string Option(const char* name, const std::string& value) {
  return value.empty() ? "" : Option(name, std::vector<std::string>{value});
}

// Without the folder: the same data in another one have the same card.
std::string DistillExportFlags::CommandLine() const {
  std::string line = "twohop distill export";
  line += Option("--traces", traces) + Option("--edges", edges);
  line += taxonomy.empty() ? Option("--workspace", workspace) : Option("--taxonomy", taxonomy);
  line += Option("--tasks", fmt::format("{}", fmt::join(tasks, ",")));
  line += Option("--orders", std::to_string(orders));
  line += Option("--labels", labels) + Option("--answers", answers);
  line += Option("--validation-share", fmt::format("{}", validation_share));
  line += Option("--near-duplicate", fmt::format("{}", near_duplicate));
  for (const std::string& note : source_notes) line += Option("--source-note", note);
  return line + Option("--seed", std::to_string(seed)) + " \\\n  --out DIR";
}

Result<std::filesystem::path> DistillExportFlags::TaxonomyFile() const {
  if (!taxonomy.empty()) return taxonomy;
  auto imported = Workspace(workspace).taxonomy();
  std::error_code error;
  if (std::filesystem::exists(imported, error)) return imported;
  return FailedPrecondition(fmt::format(
      "nothing was imported into \"{}\"; give --taxonomy or another --workspace", workspace));
}

Result<DistillExportOptions> DistillExportFlags::ToOptions() const {
  DistillExportOptions options;
  options.traces.assign(traces.begin(), traces.end());
  options.edges.assign(edges.begin(), edges.end());
  options.labels = labels;
  options.answers.assign(answers.begin(), answers.end());
  TWOHOP_ASSIGN_OR_RETURN(options.taxonomy, TaxonomyFile());
  options.out = out;
  options.replace = force;
  options.rows.tasks.clear();
  for (const std::string& name : tasks) {
    const auto task = FindTrainingTask(name);
    if (!task) return InvalidArgument(fmt::format("--tasks: there is no task \"{}\"", name));
    options.rows.tasks.push_back(*task);
  }
  options.rows.orders = orders;
  options.rows.seed = seed;
  options.filters.near_duplicate = near_duplicate;
  options.split = {.validation_share = validation_share, .seed = seed};
  options.source_notes = source_notes;
  options.command_line = CommandLine();
  return options;
}

Status RunDistillExport(const DistillExportFlags& flags) {
  TWOHOP_ASSIGN_OR_RETURN(const DistillExportOptions options, flags.ToOptions());
  TWOHOP_ASSIGN_OR_RETURN(const PromptSet prompts, LoadPromptSet(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(const DataCard card,
                          ExportTrainingData(options, prompts, [](std::string_view line) {
                            fmt::print(stderr, "left out: {}\n", line);
                          }));
  fmt::print("{}{}: written; see data_card.md there\n", DescribeExport(card), flags.out);
  return Ok();
}

}  // namespace

void AddDistillExportCommand(CLI::App& distill, Action& action) {
  CLI::App* command = distill.add_subcommand(
      "export", "Write fine-tuning data for TRL and LLaMA-Factory from traces and edges");
  auto flags = std::make_shared<DistillExportFlags>();
  flags->AddTo(*command);
  command->callback(
      [flags, &action] { action = [flags](std::stop_token) { return RunDistillExport(*flags); }; });
}

}  // namespace twohop::app
