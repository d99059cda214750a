#include "twohop/distill/trace_generation.h"

#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/mutex.h"
#include "twohop/base/parallel.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

bool EndsTheBatch(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

void AddAnswer(const TeacherAnswer& answer, TraceReport& report) {
  report.truncated += answer.truncated;
  for (std::size_t i = 0; i < answer.faults.size(); ++i) report.faults[i] += answer.faults[i];
  if (!answer.trace) {
    ++report.rejected[static_cast<std::size_t>(answer.reject)];
    return;
  }
  ++report.kept;
  report.demands += answer.trace->demands.size();
  report.interests += answer.trace->interests.size();
}

// What a batch has come to so far. Thread-safe.
class TraceTally {
 public:
  TraceTally(std::size_t max_failures, std::unique_ptr<ProgressStage> stage)
      : max_failures_(max_failures), stage_(std::move(stage)) {}

  void AddAnswered(const TeacherAnswer& answer) {
    MutexLock lock(mutex_);
    failures_in_a_row_ = 0;
    AddAnswer(answer, batch_.report);
    Show();
  }

  // Returns whether the batch goes on.
  bool AddFailure(const Error& error) {
    MutexLock lock(mutex_);
    if (!EndsTheBatch(error.code())) {
      ++batch_.report.failed;
      batch_.report.last_failure = error;
      Show();
      if (++failures_in_a_row_ < max_failures_) return true;
    }
    EndWith(error);
    return false;
  }

  void End(const Error& error) {
    MutexLock lock(mutex_);
    EndWith(error);
  }

  TraceBatch Finish(std::size_t users) && {
    MutexLock lock(mutex_);
    if (batch_.status.has_value() && batch_.report.total() < users) {
      batch_.status = Cancelled("generating traces was stopped");
    }
    return std::move(batch_);
  }

 private:
  // The first reason stays: the others follow from it.
  void EndWith(const Error& error) TWOHOP_REQUIRES(mutex_) {
    if (batch_.status.has_value()) batch_.status = tl::unexpected<Error>(error);
  }

  void Show() TWOHOP_REQUIRES(mutex_) {
    stage_->Update(batch_.report.total());
    stage_->Note(fmt::format("{} kept, {} rejected, {} failed", batch_.report.kept,
                             batch_.report.rejected_users(), batch_.report.failed));
  }

  const std::size_t max_failures_;
  const std::unique_ptr<ProgressStage> stage_;
  Mutex mutex_;
  TraceBatch batch_ TWOHOP_GUARDED_BY(mutex_);
  std::size_t failures_in_a_row_ TWOHOP_GUARDED_BY(mutex_) = 0;
};

// Returns whether the batch goes on.
bool AskAbout(const UserContext& user, const GenerationTools& tools, std::uint64_t first_seed,
              TraceTally& tally, const std::stop_token& stop) {
  const UserId& id = user.profile.id;
  const std::uint64_t seed = first_seed + tools.files.RejectionsOf(id);
  const auto answer = tools.teacher.Ask(user, tools.chat, seed, stop);
  if (!answer.has_value()) return tally.AddFailure(answer.error());
  const TraceOrigin origin{.model = answer->model,
                           .prompt_version = tools.teacher.prompt_version(),
                           .seed = seed,
                           .time = FormatTime(tools.clock.Now())};
  const Status added = tools.files.Add(id, *answer, origin, tools.teacher.taxonomy());
  if (!added.has_value()) {
    tally.End(added.error());
    return false;
  }
  tally.AddAnswered(*answer);
  return true;
}

}  // namespace

std::uint64_t TraceReport::rejected_users() const {
  return std::accumulate(rejected.begin(), rejected.end(), std::uint64_t{0});
}

TraceBatch GenerateTraces(std::span<const UserContext> users, const GenerationTools& tools,
                          const TraceGenerationOptions& options, std::stop_token stop) {
  TraceTally tally(options.max_consecutive_failures, tools.progress.Begin("teacher", users.size()));
  // Ends the batch for all reasons; calls are only ever interrupted by the caller, so that answers
  // that are paid for are not lost when the budget is spent.
  std::stop_source end;
  const std::stop_callback forward(stop, [&end] { end.request_stop(); });
  ParallelFor(users.size(), options.concurrency, end.get_token(), [&](std::size_t i) {
    if (!AskAbout(users[i], tools, options.seed, tally, stop)) end.request_stop();
  });
  return std::move(tally).Finish(users.size());
}

}  // namespace twohop
