#include "twohop/base/progress.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <unistd.h>

#include "twohop/base/mutex.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{10};
constexpr std::uint64_t kBarWidth = 24;
constexpr std::string_view kClearLine = "\r\x1b[2K";

class StageView final : public ProgressStage {
 public:
  StageView(std::FILE* out, const Clock& clock, std::string_view label, std::uint64_t total,
            bool terminal)
      : out_(out),
        clock_(clock),
        label_(label),
        total_(total),
        terminal_(terminal),
        start_(clock.Monotonic()),
        next_draw_(start_.count()) {
    if (!terminal_) Print(fmt::format("{} ...\n", label_));
    ScheduleNextDraw();
  }

  ~StageView() override {
    MutexLock lock(mutex_);
    const auto took = FormatDuration(clock_.Monotonic() - start_);
    Print(fmt::format("{}{} {}{}\n", terminal_ ? kClearLine : "", Summary(), took, Remark()));
  }
  StageView(const StageView&) = delete;
  StageView& operator=(const StageView&) = delete;

  void Update(std::uint64_t done) override {
    RaiseTo(done);
    if (!IsDue()) return;
    MutexLock lock(mutex_);
    if (!IsDue()) return;  // Another thread drew while this one waited.
    ScheduleNextDraw();
    Draw();
  }

  void Note(std::string_view remark) override {
    MutexLock lock(mutex_);
    remark_ = remark;
  }

 private:
  // Threads that share a stage report in any order.
  void RaiseTo(std::uint64_t done) {
    std::uint64_t known = done_.load(std::memory_order_relaxed);
    while (known < done && !done_.compare_exchange_weak(known, done, std::memory_order_relaxed)) {
    }
  }

  bool IsDue() const {
    return clock_.Monotonic().count() >= next_draw_.load(std::memory_order_relaxed);
  }

  void ScheduleNextDraw() {
    const std::chrono::nanoseconds interval = terminal_ ? std::chrono::nanoseconds(kBarInterval)
                                                        : std::chrono::nanoseconds(kLineInterval);
    next_draw_.store((clock_.Monotonic() + interval).count(), std::memory_order_relaxed);
  }

  std::string Remark() const TWOHOP_REQUIRES(mutex_) {
    return remark_.empty() ? "" : fmt::format("  {}", remark_);
  }

  std::string Summary() const {
    const std::uint64_t done = done_.load(std::memory_order_relaxed);
    if (total_ == 0 && done == 0) return fmt::format("{:<28}", label_);
    return fmt::format("{:<28} {:>9}", label_, done);
  }

  void Draw() TWOHOP_REQUIRES(mutex_) {
    const std::uint64_t done = done_.load(std::memory_order_relaxed);
    if (!terminal_) {
      Print(fmt::format("{} {}{}\n", label_, Fraction(done), Remark()));
      return;
    }
    Print(fmt::format("{}{:<28} {} {}{}", kClearLine, label_, Bar(done), Fraction(done), Remark()));
  }

  std::string Fraction(std::uint64_t done) const {
    if (total_ == 0) return fmt::format("{}", done);
    return fmt::format("{} of {} ({}%)", done, total_, 100 * std::min(done, total_) / total_);
  }

  std::string Bar(std::uint64_t done) const {
    if (total_ == 0) return "";
    const std::uint64_t filled = kBarWidth * std::min(done, total_) / total_;
    return fmt::format("[{:#<{}}{:.<{}}]", "", filled, "", kBarWidth - filled);
  }

  void Print(const std::string& text) {
    std::fputs(text.c_str(), out_);
    std::fflush(out_);
  }

  std::FILE* out_;
  const Clock& clock_;
  const std::string label_;
  const std::uint64_t total_;
  const bool terminal_;
  const std::chrono::nanoseconds start_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::int64_t> next_draw_;  // Nanoseconds of the monotonic clock.
  Mutex mutex_;
  std::string remark_ TWOHOP_GUARDED_BY(mutex_);
};

class ProgressView final : public Progress {
 public:
  ProgressView(std::FILE* out, const Clock& clock)
      : out_(out), clock_(clock), terminal_(::isatty(::fileno(out)) == 1) {}

  std::unique_ptr<ProgressStage> Begin(std::string_view label, std::uint64_t total) override {
    return std::make_unique<StageView>(out_, clock_, label, total, terminal_);
  }

 private:
  std::FILE* out_;
  const Clock& clock_;
  bool terminal_;
};

class SilentStage final : public ProgressStage {
 public:
  void Update(std::uint64_t) override {}
  void Note(std::string_view) override {}
};

class SilentProgress final : public Progress {
 public:
  std::unique_ptr<ProgressStage> Begin(std::string_view, std::uint64_t) override {
    return std::make_unique<SilentStage>();
  }
};

}  // namespace

std::unique_ptr<Progress> MakeProgress(std::FILE* out, const Clock& clock) {
  return std::make_unique<ProgressView>(out, clock);
}

std::unique_ptr<Progress> MakeSilentProgress() { return std::make_unique<SilentProgress>(); }

}  // namespace twohop
