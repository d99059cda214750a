#include "twohop/base/time_format.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

// From here on a bare number counts milliseconds: as seconds it would be in the year 5138.
constexpr std::int64_t kFirstMilliseconds = 100'000'000'000;

std::optional<std::int64_t> ParseInteger(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// Takes `size` digits off the front; -1 if they are not there.
int TakeDigits(std::string_view& text, std::size_t size) {
  if (text.size() < size) return -1;
  int value = 0;
  for (const char c : text.substr(0, size)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(size);
  return value;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// 0 if there is none; -1 if digits are missing.
int TakeFractionAsMilliseconds(std::string_view& text) {
  if (!TakeOneOf(text, ".,")) return 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return -1;
  int milliseconds = 0;
  int weight = 100;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    milliseconds += weight * (text[0] - '0');
    weight /= 10;
    text.remove_prefix(1);
  }
  return milliseconds;
}

std::optional<std::chrono::minutes> TakeZone(std::string_view& text) {
  if (TakeOneOf(text, "Zz")) return std::chrono::minutes(0);
  const bool west = !text.empty() && text[0] == '-';
  if (!TakeOneOf(text, "+-")) return std::nullopt;
  const int hours = TakeDigits(text, 2);
  TakeOneOf(text, ":");
  const int minutes = TakeDigits(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(hours * 60 + minutes);
  return west ? -offset : offset;
}

std::optional<TimePoint> ParseRfc3339(std::string_view text) {
  const int year = TakeDigits(text, 4);
  if (!TakeOneOf(text, "-")) return std::nullopt;
  const int month = TakeDigits(text, 2);
  if (!TakeOneOf(text, "-")) return std::nullopt;
  const int day = TakeDigits(text, 2);
  if (!TakeOneOf(text, "Tt ")) return std::nullopt;
  const int hour = TakeDigits(text, 2);
  if (!TakeOneOf(text, ":")) return std::nullopt;
  const int minute = TakeDigits(text, 2);
  if (!TakeOneOf(text, ":")) return std::nullopt;
  const int second = TakeDigits(text, 2);
  const int milliseconds = TakeFractionAsMilliseconds(text);
  const auto zone = TakeZone(text);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  const bool in_range = year >= 0 && date.ok() && hour >= 0 && hour <= 23 && minute >= 0 &&
                        minute <= 59 && second >= 0 && second <= 60 && milliseconds >= 0;
  if (!in_range || !zone || !text.empty()) return std::nullopt;
  return TimePoint(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                   std::chrono::minutes(minute) + std::chrono::seconds(second) +
                   Milliseconds(milliseconds) - *zone);
}

}  // namespace

std::string FormatTime(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Result<TimePoint> ParseTime(std::string_view text) {
  if (const auto number = ParseInteger(text); number && *number >= 0) {
    if (*number < kFirstMilliseconds) return TimePoint(std::chrono::seconds(*number));
    if (*number < kFirstMilliseconds * 1000) return TimePoint(Milliseconds(*number));
  } else if (const auto time = ParseRfc3339(text)) {
    return *time;
  }
  return InvalidArgument(fmt::format("not a time: \"{}\"", Ellipsize(text, 60)));
}

std::string FormatDuration(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace twohop
