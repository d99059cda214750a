#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "apps/common/assets.h"
#include "apps/common/child_process.h"
#include "apps/twohop/commands.h"
#include <fmt/format.h>

namespace twohop::app {
namespace {

struct FinetuneOptions {
  std::string data;
  std::string out;
  std::string recipe;  // Empty: python/finetune/recipe.toml.
  std::optional<std::size_t> steps;
  bool resume = false;

  std::vector<std::string> ToArguments() const {
    std::vector<std::string> arguments = {"--data=" + data, "--out=" + out};
    if (!recipe.empty()) arguments.push_back("--recipe=" + recipe);
    if (steps.has_value()) arguments.push_back(fmt::format("--steps={}", *steps));
    if (resume) arguments.emplace_back("--resume");
    return arguments;
  }
};

Result<std::filesystem::path> FindPython() {
  // The stamp is what scripts/setup_finetune writes last.
  const std::filesystem::path environment = AssetRoot() / ".cache/finetune-venv";
  std::error_code ignored;
  if (!std::filesystem::exists(environment / ".requirements.sha256", ignored)) {
    return FailedPrecondition(fmt::format(
        "the Python environment {} is missing; run scripts/setup_finetune", environment.string()));
  }
  return environment / "bin/python";
}

Status RunFinetune(const FinetuneOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const std::filesystem::path python, FindPython());
  std::vector<std::string> arguments = {(AssetRoot() / "python/finetune/finetune.py").string()};
  for (std::string& argument : options.ToArguments()) arguments.push_back(std::move(argument));
  return RunProgram(python, arguments, std::move(stop));
}

}  // namespace

void AddFinetuneCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "finetune", "Train a LoRA adapter of the small model; needs scripts/setup_finetune");
  auto options = std::make_shared<FinetuneOptions>();
  command
      ->add_option("--data", options->data,
                   "Chats as JSON lines, or a folder with train.chat.jsonl")
      ->required();
  command->add_option("--out", options->out, "Folder for adapter, log and checkpoints")->required();
  command->add_option("--recipe", options->recipe,
                      "TOML file; default: python/finetune/recipe.toml");
  command->add_option("--steps", options->steps, "Instead of the recipe's epochs")
      ->check(CLI::PositiveNumber);
  command->add_flag("--resume", options->resume, "Go on from the last checkpoint in --out");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunFinetune(*options, std::move(stop)); };
  });
}

}  // namespace twohop::app
