#include "apps/common/exit_code.h"
#include "apps/common/interrupt.h"
#include "apps/twohop/commands.h"
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  using namespace twohop::app;
  const Interrupt interrupt;
  CLI::App app("twohop: a recall channel that breaks the feedback loop of a recommender", "twohop");
  app.require_subcommand(1);
  app.set_version_flag("--version", TWOHOP_VERSION);
  Action action;
  AddDemoCommand(app, action);
  AddGenerateCommand(app, action);
  AddValidateCommand(app, action);
  AddImportCommand(app, action);
  AddEmbedCommand(app, action);
  AddIndexCommand(app, action);
  AddEdgesCommand(app, action);
  AddReasonCommand(app, action);
  AddRecallCommand(app, action);
  AddExplainCommand(app, action);
  AddServeCommand(app, action);
  AddFinetuneCommand(app, action);
  AddForgetCommand(app, action);
  AddDistillCommand(app, action);
  AddJudgeCommand(app, action);
  AddSafetyCommand(app, action);
  AddConfigCommand(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // Prints help or what is wrong.
    return code == 0 ? 0 : 2;
  }
  return ReportAndExitCode("twohop", action(interrupt.token()));
}
