#include "twohop/llm/spending_ledger.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

constexpr std::size_t kDateBytes = 10;  // "2026-11-24"

// Keeps other processes away from a file for as long as it lives. Locks another file beside it,
// because the file itself is replaced.
class ProcessLock {
 public:
  // An empty path: nothing to lock.
  static Result<ProcessLock> Take(const std::filesystem::path& file) {
    if (file.empty()) return ProcessLock(-1);
    TWOHOP_RETURN_IF_ERROR(MakeDirectories(file.parent_path()));
    const std::string path = file.string() + ".lock";
    ProcessLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.fd_ < 0) return ErrnoError("cannot open " + path, errno);
    while (flock(lock.fd_, LOCK_EX) != 0) {
      if (errno != EINTR) return ErrnoError("cannot lock " + path, errno);
    }
    return lock;
  }

  ProcessLock(ProcessLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock() {
    if (fd_ >= 0) close(fd_);
  }

 private:
  explicit ProcessLock(int fd) : fd_(fd) {}

  int fd_;
};

tl::unexpected<Error> Damaged(const std::filesystem::path& file, std::string_view why) {
  return DataLoss(fmt::format(
      "{} should hold what language models have cost today: {}; remove it to count from 0",
      file.string(), why));
}

Result<std::uint64_t> ReadTokens(const Json& json) {
  const auto it = json.find("tokens");
  if (it == json.end() || !it->is_number_unsigned()) return InvalidArgument("no number of tokens");
  return it->get<std::uint64_t>();
}

Result<double> ReadUsd(const Json& json) {
  const auto it = json.find("usd");
  const double usd = it != json.end() && it->is_number() ? it->get<double>() : -1.0;
  if (!std::isfinite(usd) || usd < 0.0) return InvalidArgument("no sum of usd");
  return usd;
}

bool Fits(const Spending& spent, const Spending& most, const CallLimits& limits) {
  const bool tokens_fit = !limits.max_tokens || (most.tokens <= *limits.max_tokens &&
                                                 spent.tokens <= *limits.max_tokens - most.tokens);
  return tokens_fit && (!limits.max_usd || spent.usd + most.usd <= *limits.max_usd);
}

}  // namespace

Result<std::unique_ptr<SpendingLedger>> SpendingLedger::OpenDaily(std::filesystem::path file,
                                                                  const Clock& clock) {
  std::unique_ptr<SpendingLedger> ledger(new SpendingLedger(std::move(file), clock));
  TWOHOP_RETURN_IF_ERROR(ledger->Spent());
  return ledger;
}

Result<std::optional<SpendingLedger::Reservation>> SpendingLedger::Reserve(
    const Spending& most, const CallLimits& limits) {
  // Held while the file is replaced: of two callers, only one may get the last of the budget.
  MutexLock lock(mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const ProcessLock others, ProcessLock::Take(file_));
  TWOHOP_ASSIGN_OR_RETURN(Book book, Read());
  if (!Fits(book.spent, most, limits)) return std::optional<Reservation>();
  book.spent.tokens += most.tokens;
  book.spent.usd += most.usd;
  TWOHOP_RETURN_IF_ERROR(Write(book));
  return std::optional(Reservation{.day = book.day, .most = most});
}

Status SpendingLedger::Settle(const Reservation& reservation, const Spending& actual) {
  MutexLock lock(mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const ProcessLock others, ProcessLock::Take(file_));
  TWOHOP_ASSIGN_OR_RETURN(Book book, Read());
  if (book.day == reservation.day) {
    book.spent.tokens -= std::min(book.spent.tokens, reservation.most.tokens);
    book.spent.usd = std::max(0.0, book.spent.usd - reservation.most.usd);
  }
  book.spent.tokens += actual.tokens;
  book.spent.usd += actual.usd;
  return Write(book);
}

Result<Spending> SpendingLedger::Spent() {
  MutexLock lock(mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const Book book, Read());
  return book.spent;
}

std::optional<TimePoint> SpendingLedger::renewal() const {
  if (clock_ == nullptr) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(clock_->Now()) + std::chrono::days(1);
}

std::string SpendingLedger::Today() const {
  return clock_ == nullptr ? std::string() : FormatTime(clock_->Now()).substr(0, kDateBytes);
}

// Nothing spent if there is no file, or one of another day.
Result<SpendingLedger::Book> SpendingLedger::Read() const {
  if (file_.empty()) return in_memory_;
  Book book{.day = Today(), .spent = {}};
  const Result<std::string> text = ReadFile(file_);
  if (!text && text.error().code() == ErrorCode::kNotFound) return book;
  if (!text) return tl::unexpected<Error>(text.error());
  const Result<Json> json = ParseJson(*text);
  if (!json || !json->is_object()) return Damaged(file_, "it is not a JSON object");
  const Result<std::string> day = RequireString(*json, "day");
  if (!day) return Damaged(file_, day.error().message());
  const Result<std::uint64_t> tokens = ReadTokens(*json);
  if (!tokens) return Damaged(file_, tokens.error().message());
  const Result<double> usd = ReadUsd(*json);
  if (!usd) return Damaged(file_, usd.error().message());
  if (*day == book.day) book.spent = {.tokens = *tokens, .usd = *usd};
  return book;
}

Status SpendingLedger::Write(const Book& book) {
  if (file_.empty()) {
    in_memory_ = book;
    return Ok();
  }
  return WriteFileAtomically(
      file_,
      DumpJson({{"day", book.day}, {"tokens", book.spent.tokens}, {"usd", book.spent.usd}}) + "\n");
}

}  // namespace twohop
