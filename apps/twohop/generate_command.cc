#include <memory>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/community_flags.h"
#include "apps/twohop/generate_pipeline.h"
#include <fmt/core.h>

#include "twohop/base/time_format.h"

namespace twohop::app {
namespace {

struct GenerateOptions {
  CommonOptions common;
  CommunityFlags community;
  std::string end;
};

Status RunGenerate(const GenerateOptions& options) {
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  const Workspace workspace = options.common.OpenWorkspace();
  CommunityOptions community = options.community.ToOptions();
  if (!options.end.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(community.end, ParseTime(options.end));
  }
  TWOHOP_ASSIGN_OR_RETURN(const auto summary,
                          GenerateCommunityFiles(workspace, community, *progress));
  if (summary.has_value()) fmt::print("{}", DescribeCommunity(*summary));
  fmt::print("{}: {}\n", workspace.community().string(), summary ? "written" : "up to date");
  return Ok();
}

}  // namespace

void CommunityFlags::AddTo(CLI::App& command) {
  command.add_option("--users", users, "Users of the community")->capture_default_str();
  command.add_option("--items", items, "Items of the community")->capture_default_str();
  command.add_option("--days", days, "Days of events")->capture_default_str();
  command.add_option("--seed", seed, "Same seed: same community")->capture_default_str();
}

CommunityOptions CommunityFlags::ToOptions() const {
  CommunityOptions options;
  options.users = users;
  options.items = items;
  options.days = std::chrono::days(days);
  options.seed = seed;
  return options;
}

std::string DescribeCommunity(const CommunitySummary& summary) {
  return fmt::format(
      "{} users, {} items, {} events: {} exposures, {} clicks, {} searches; {} users never search\n"
      "what the feed shows a user narrows from {:.2f} to {:.2f} bits of level-1 entropy\n",
      summary.users, summary.items, summary.events, summary.count(EventType::kExposure),
      summary.count(EventType::kClick), summary.count(EventType::kSearch),
      summary.users_without_searches, summary.narrowing.first_bits, summary.narrowing.last_bits);
}

void AddGenerateCommand(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("generate", "Write a made-up community's files, to try twohop with");
  auto options = std::make_shared<GenerateOptions>();
  options->common.AddTo(*command);
  options->community.AddTo(*command);
  command->add_option("--end", options->end, "Time of the last event, as 2026-01-31T00:00:00Z");
  command->callback([options, &action] {
    action = [options](std::stop_token) { return RunGenerate(*options); };
  });
}

}  // namespace twohop::app
