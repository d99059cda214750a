// Traces from a teacher, for the users of a workspace or of a file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/distill/teacher.h"
#include "twohop/distill/trace_generation.h"
#include "twohop/llm/call_budget.h"
#include "twohop/llm/token_meter.h"

namespace twohop::app {

// Which teacher, where it differs from the configuration's [llm].
struct TeacherFlags {
  std::string url;    // Up to and with "/v1"; makes the teacher a remote one.
  std::string model;  // As the server names it.
  std::string api_key_env;
  std::uint32_t concurrency = 0;       // 0: as configured.
  std::uint32_t max_reply_tokens = 0;  // 0: what suits the mode.
  std::uint32_t answers = 1;           // TeacherOptions::answers.
};

struct TraceJobOptions {
  std::string users_file;     // Empty: the workspace's users who searched.
  std::string taxonomy_file;  // Empty: the workspace's.
  std::size_t limit = 0;      // The first so many users; 0: all.
  bool retry_rejects = false;
};

// What is to be asked.
struct TraceJob {
  Teacher teacher;
  std::vector<UserContext> users;  // Without a trace, in the order of file or ids.
  std::uint64_t traced = 0;        // Users who have one.
  std::uint64_t rejected = 0;      // Users left out because they were rejected before.
};

struct TraceEstimate {
  std::uint64_t users = 0;  // Who would be asked about.
  std::uint64_t prompt_tokens = 0;
  std::uint64_t expected_reply_tokens = 0;  // Without what a model thinks aloud.
  std::uint64_t most_reply_tokens = 0;      // If every reply is as long as it may be.
  double expected_usd = 0.0;
  double most_usd = 0.0;
};

// `config` with the teacher of `flags` as its language model.
//
// Errors: kInvalidArgument if the flags do not go together.
Result<Config> ConfigureTeacher(Config config, const TeacherFlags& flags);

TokenPrice TeacherPrice(const Config& config);

// REQUIRES: `config` is from ConfigureTeacher.
TeacherOptions TeacherOptionsFrom(const Config& config, const TeacherFlags& flags);

// Reads users, taxonomy and prompt, and whom `files` know already.
//
// Errors: kFailedPrecondition if nothing was imported and no file is named; kInvalidArgument, with
// file and line, if a line of the users' file is wrong or a user stands there twice; those of
// LoadTaxonomy, LoadTeacherPrompt and UserStateStore.
Result<TraceJob> PrepareTraces(const Workspace& workspace, const TraceJobOptions& options,
                               const TeacherOptions& teacher, const TraceFiles& files,
                               const Clock& clock);

TraceEstimate EstimateTraces(const TraceJob& job, const TeacherOptions& teacher,
                             const TokenPrice& price);

// Tokens that a managed server needs for each request, prompt and reply together.
std::uint32_t ContextFor(const TraceJob& job, const TeacherOptions& teacher);

std::string DescribeEstimate(const TraceEstimate& estimate);
std::string DescribeTraces(const TraceReport& report);
std::string DescribeSpending(const TokenMeter& meter);

}  // namespace twohop::app
