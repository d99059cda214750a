#include "twohop/nearline/user_token_budget.h"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

constexpr std::size_t kDateBytes = 10;  // "2026-11-24"

std::uint64_t KeyOf(const UserId& user) { return Hash64(user.value()); }

std::string LineOf(std::string_view day, std::uint64_t key, std::uint64_t tokens) {
  return fmt::format("{} {} {}\n", day, HashHex(key), tokens);
}

std::optional<std::uint64_t> ParseNumber(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One write, so that a crash tears the last line at most.
Status Append(const std::filesystem::path& file, std::string_view line) {
  const std::string path = file.string();
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return ErrnoError("cannot open " + path, errno);
  const ssize_t written = write(fd, line.data(), line.size());
  const int error = written < 0 ? errno : ENOSPC;
  close(fd);
  if (written == static_cast<ssize_t>(line.size())) return Ok();
  return ErrnoError("cannot write " + path, error);
}

}  // namespace

Result<std::unique_ptr<UserTokenBudget>> UserTokenBudget::Open(std::filesystem::path file,
                                                               std::uint64_t tokens_per_day,
                                                               const Clock& clock) {
  TWOHOP_DCHECK(tokens_per_day > 0);
  std::unique_ptr<UserTokenBudget> budget(
      new UserTokenBudget(std::move(file), tokens_per_day, clock));
  TWOHOP_RETURN_IF_ERROR(budget->Load());
  return budget;
}

bool UserTokenBudget::IsSpent(const UserId& user) {
  MutexLock lock(mutex_);
  BeginDay();
  const auto found = tokens_.find(KeyOf(user));
  return found != tokens_.end() && found->second >= tokens_per_day_;
}

Status UserTokenBudget::Record(const UserId& user, const TokenUsage& usage) {
  const std::uint64_t tokens = usage.prompt_tokens + usage.completion_tokens;
  if (tokens == 0) return Ok();
  MutexLock lock(mutex_);
  const bool is_new_day = BeginDay();
  tokens_[KeyOf(user)] += tokens;
  return is_new_day ? WriteAll() : Append(file_, LineOf(day_, KeyOf(user), tokens));
}

Status UserTokenBudget::Load() {
  MutexLock lock(mutex_);
  BeginDay();
  const Result<std::string> text = ReadFile(file_);
  if (text.has_value()) {
    for (const std::string_view line : Split(*text, '\n')) ReadLine(line);
  } else if (text.error().code() != ErrorCode::kNotFound) {
    return tl::unexpected<Error>(text.error());
  }
  return WriteAll();
}

bool UserTokenBudget::BeginDay() {
  std::string today = FormatTime(clock_.Now()).substr(0, kDateBytes);
  if (today == day_) return false;
  day_ = std::move(today);
  tokens_.clear();
  return true;
}

void UserTokenBudget::ReadLine(std::string_view line) {
  const auto parts = Split(line, ' ');
  if (parts.size() != 3 || parts[0] != day_) return;
  const auto key = ParseNumber(parts[1], 16);
  const auto tokens = ParseNumber(parts[2], 10);
  if (key && tokens) tokens_[*key] += *tokens;
}

Status UserTokenBudget::WriteAll() {
  std::string text;
  for (const auto& [key, tokens] : tokens_) text += LineOf(day_, key, tokens);
  return WriteFileAtomically(file_, text);
}

}  // namespace twohop
