#include "apps/twohop/distill_pipeline.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "apps/common/assets.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/format.h>

#include "twohop/base/jsonl.h"
#include "twohop/distill/trace.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/nearline/refresh_policy.h"
#include "twohop/reasoning/blocklist.h"

namespace twohop::app {
namespace {

constexpr std::uint32_t kRemoteReplyTokens = 4096;
// A small local model does not think first, and its context is dear.
constexpr std::uint32_t kManagedReplyTokens = 768;
// The mean of the demo community's traces as JSON, at four bytes a token, rounded up.
constexpr std::uint64_t kExpectedReplyTokens = 400;

Result<std::shared_ptr<const Taxonomy>> LoadTeacherTaxonomy(const Workspace& workspace,
                                                            const std::filesystem::path& file) {
  auto taxonomy = LoadTaxonomy(file.empty() ? workspace.taxonomy() : file);
  if (taxonomy.has_value()) return std::make_shared<const Taxonomy>(*std::move(taxonomy));
  if (!file.empty() || taxonomy.error().code() != ErrorCode::kNotFound) {
    return tl::unexpected<Error>(std::move(taxonomy).error());
  }
  return FailedPrecondition(
      fmt::format("workspace {} has no taxonomy: run `twohop import` first, or name one with "
                  "--taxonomy",
                  workspace.root().string()));
}

Result<std::vector<UserContext>> ReadUsers(const std::filesystem::path& file) {
  std::unordered_set<UserId> seen;
  TWOHOP_ASSIGN_OR_RETURN(
      JsonlRows<UserContext> read,
      ReadJsonl<UserContext>(file, [&](const Json& json) -> Result<UserContext> {
        TWOHOP_ASSIGN_OR_RETURN(UserContext user, ParseUserContext(json));
        if (seen.insert(user.profile.id).second) return user;
        return InvalidArgument(fmt::format("user \"{}\" occurs twice", user.profile.id.value()));
      }));
  return RequireAllRows(file, std::move(read));
}

Result<std::vector<UserContext>> FindUsers(const Workspace& workspace, const Clock& clock) {
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadOnly));
  const TimePoint now = clock.Now();
  std::vector<UserContext> users;
  TWOHOP_RETURN_IF_ERROR(states->ForEach([&](const UserState& state) {
    if (!state.searches.empty()) users.push_back(MakeUserContext(state, now));
    return true;
  }));
  return users;
}

Result<Teacher> MakeTeacher(std::shared_ptr<const Taxonomy> taxonomy,
                            const TeacherOptions& options) {
  TWOHOP_ASSIGN_OR_RETURN(Prompt prompt, LoadTeacherPrompt(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(Blocklist blocklist,
                          Blocklist::Load(PromptFolder() / "blocklist.v1.txt"));
  return Teacher(std::move(prompt), std::move(blocklist), std::move(taxonomy), options);
}

double Usd(const TokenPrice& price, std::uint64_t prompt_tokens, std::uint64_t reply_tokens) {
  constexpr double kMillion = 1e6;
  return (static_cast<double>(prompt_tokens) * price.prompt_usd_per_million +
          static_cast<double>(reply_tokens) * price.completion_usd_per_million) /
         kMillion;
}

// "3 too_few_demands, 1 truncated"; those that occurred.
template <typename Reason, std::size_t N>
std::string ListCounts(const std::array<std::uint64_t, N>& counts,
                       std::string_view (*name)(Reason)) {
  std::string list;
  for (std::size_t i = 0; i < N; ++i) {
    if (counts[i] == 0) continue;
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", counts[i], name(Reason(i)));
  }
  return list;
}

}  // namespace

Result<Config> ConfigureTeacher(Config config, const TeacherFlags& flags) {
  config.llm_fallback.clear();  // Traces are one teacher's.
  EndpointConfig& llm = config.llm;
  if (!flags.url.empty()) {
    if (llm.managed() && flags.model.empty()) {
      return InvalidArgument("--teacher-url needs --teacher-model");
    }
    llm.mode = "remote";
    llm.url = flags.url;
  }
  if (llm.managed() && !flags.api_key_env.empty()) {
    return InvalidArgument("--api-key-env is for a remote teacher, see --teacher-url");
  }
  if (!flags.model.empty()) llm.model = flags.model;
  if (!flags.api_key_env.empty()) llm.api_key_env = flags.api_key_env;
  if (flags.concurrency > 0) llm.parallel = flags.concurrency;
  return config;
}

TokenPrice TeacherPrice(const Config& config) {
  return {.prompt_usd_per_million = config.llm.usd_per_million_prompt_tokens,
          .completion_usd_per_million = config.llm.usd_per_million_completion_tokens};
}

TeacherOptions TeacherOptionsFrom(const Config& config, const TeacherFlags& flags) {
  TeacherOptions options;
  options.max_reply_tokens = config.llm.managed() ? kManagedReplyTokens : kRemoteReplyTokens;
  if (flags.max_reply_tokens > 0) options.max_reply_tokens = flags.max_reply_tokens;
  options.answers = flags.answers;
  options.send_schema = config.llm.managed();
  return options;
}

Result<TraceJob> PrepareTraces(const Workspace& workspace, const TraceJobOptions& options,
                               const TeacherOptions& teacher, const TraceFiles& files,
                               const Clock& clock) {
  TWOHOP_ASSIGN_OR_RETURN(auto taxonomy, LoadTeacherTaxonomy(workspace, options.taxonomy_file));
  TWOHOP_ASSIGN_OR_RETURN(Teacher asks, MakeTeacher(std::move(taxonomy), teacher));
  TWOHOP_ASSIGN_OR_RETURN(std::vector<UserContext> users, options.users_file.empty()
                                                              ? FindUsers(workspace, clock)
                                                              : ReadUsers(options.users_file));
  if (options.limit > 0 && users.size() > options.limit) users.resize(options.limit);
  TraceJob job{.teacher = std::move(asks), .users = {}};
  for (UserContext& user : users) {
    if (files.HasTrace(user.profile.id)) {
      ++job.traced;
    } else if (files.RejectionsOf(user.profile.id) > 0 && !options.retry_rejects) {
      ++job.rejected;
    } else {
      job.users.push_back(std::move(user));
    }
  }
  return job;
}

TraceEstimate EstimateTraces(const TraceJob& job, const TeacherOptions& teacher,
                             const TokenPrice& price) {
  TraceEstimate estimate;
  std::uint64_t prompt_bytes = 0;
  for (const UserContext& user : job.users) {
    const std::size_t bytes = job.teacher.PromptBytes(user);
    estimate.users += bytes > 0 ? 1 : 0;
    prompt_bytes += bytes * teacher.answers;
  }
  estimate.prompt_tokens =
      static_cast<std::uint64_t>(std::ceil(static_cast<double>(prompt_bytes) / kBytesPerToken));
  const std::uint64_t replies = estimate.users * teacher.answers;
  estimate.expected_reply_tokens = replies * kExpectedReplyTokens;
  estimate.most_reply_tokens = replies * teacher.max_reply_tokens;
  estimate.expected_usd = Usd(price, estimate.prompt_tokens, estimate.expected_reply_tokens);
  estimate.most_usd = Usd(price, estimate.prompt_tokens, estimate.most_reply_tokens);
  return estimate;
}

std::uint32_t ContextFor(const TraceJob& job, const TeacherOptions& teacher) {
  constexpr std::size_t kCautiousBytesPerToken = 3;
  std::size_t most_bytes = 0;
  for (const UserContext& user : job.users) {
    most_bytes = std::max(most_bytes, job.teacher.PromptBytes(user));
  }
  return static_cast<std::uint32_t>(most_bytes / kCautiousBytesPerToken) +
         2 * teacher.max_reply_tokens;
}

std::string DescribeEstimate(const TraceEstimate& estimate) {
  return fmt::format(
      "estimate, nobody was asked: {} users\n"
      "  prompts            {} tokens, at {:.0f} bytes a token\n"
      "  replies, expected  {} tokens, without what a model thinks aloud: ${:.4f} in all\n"
      "  replies, at most   {} tokens, if none is asked for again: ${:.4f} in all\n",
      estimate.users, estimate.prompt_tokens, kBytesPerToken, estimate.expected_reply_tokens,
      estimate.expected_usd, estimate.most_reply_tokens, estimate.most_usd);
}

std::string DescribeTraces(const TraceReport& report) {
  std::string text = fmt::format(
      "{} traces with {} demands and {} interests, {} users rejected, {} failed\n", report.kept,
      report.demands, report.interests, report.rejected_users(), report.failed);
  if (report.rejected_users() > 0) {
    text += fmt::format("  rejected: {}\n", ListCounts(report.rejected, TraceRejectName));
  }
  const std::string faults = ListCounts(report.faults, TraceFaultName);
  if (!faults.empty()) text += fmt::format("  left out of answers: {}\n", faults);
  if (report.truncated > 0) text += fmt::format("  replies cut short: {}\n", report.truncated);
  if (report.last_failure) {
    text += fmt::format("  last failure: {}\n", report.last_failure->message());
  }
  return text;
}

std::string DescribeSpending(const TokenMeter& meter) {
  const StageUsage total = meter.Total();
  return fmt::format("{} calls, {} + {} tokens, {:.1f} s of waiting, ${:.4f}\n", total.usage.calls,
                     total.usage.prompt_tokens, total.usage.completion_tokens, total.seconds,
                     total.usd);
}

}  // namespace twohop::app
