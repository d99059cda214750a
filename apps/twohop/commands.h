// The subcommands of the twohop program, one file each.

#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include <CLI/CLI.hpp>

#include "twohop/base/result.h"

namespace twohop::app {

// What a chosen subcommand does once the command line is read. `stop` is requested by SIGINT and
// SIGTERM.
using Action = std::function<Status(std::stop_token stop)>;

// Each adds its subcommand and, when that is chosen, sets `action`.
void AddConfigCommand(CLI::App& app, Action& action);
void AddDemoCommand(CLI::App& app, Action& action);
void AddDistillCommand(CLI::App& app, Action& action);
void AddEdgesCommand(CLI::App& app, Action& action);
void AddEmbedCommand(CLI::App& app, Action& action);
void AddExplainCommand(CLI::App& app, Action& action);
void AddFinetuneCommand(CLI::App& app, Action& action);
void AddForgetCommand(CLI::App& app, Action& action);
void AddGenerateCommand(CLI::App& app, Action& action);
void AddImportCommand(CLI::App& app, Action& action);
void AddIndexCommand(CLI::App& app, Action& action);
void AddJudgeCommand(CLI::App& app, Action& action);
void AddReasonCommand(CLI::App& app, Action& action);
void AddRecallCommand(CLI::App& app, Action& action);
void AddSafetyCommand(CLI::App& app, Action& action);
void AddServeCommand(CLI::App& app, Action& action);
void AddValidateCommand(CLI::App& app, Action& action);

// Of `edges`: list, show, export, merges; edit, remove.
void AddEdgesViewCommands(CLI::App& edges, Action& action);
void AddEdgesChangeCommands(CLI::App& edges, Action& action);

// Of `distill`.
void AddDistillExportCommand(CLI::App& distill, Action& action);

}  // namespace twohop::app
