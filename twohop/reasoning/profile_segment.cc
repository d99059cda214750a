#include "twohop/reasoning/profile_segment.h"

#include <array>
#include <cstdint>

#include "twohop/base/text.h"

namespace twohop {
namespace {

struct AgeBand {
  std::uint32_t below;
  std::string_view name;
};
constexpr std::array<AgeBand, 5> kBands{
    {{18, "under 18"}, {25, "18-24"}, {35, "25-34"}, {45, "35-44"}, {55, "45-54"}}};
constexpr std::string_view kOldest = "55+";
constexpr std::uint32_t kOldestAge = 150;  // A larger number is no age.

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view BandOf(std::string_view age_group) {
  std::size_t i = 0;
  while (i < age_group.size() && !IsDigit(age_group[i])) ++i;
  if (i == age_group.size()) return kAnySegment;
  std::uint32_t age = 0;
  for (; i < age_group.size() && IsDigit(age_group[i]); ++i) {
    age = age * 10 + static_cast<std::uint32_t>(age_group[i] - '0');
    if (age > kOldestAge) return kAnySegment;
  }
  for (const AgeBand& band : kBands) {
    if (age < band.below) return band.name;
  }
  return kOldest;
}

std::string_view GenderOf(std::string_view gender) {
  const std::string name = NormalizeName(gender);
  if (name == "female" || name == "f" || name == "woman") return "female";
  if (name == "male" || name == "m" || name == "man") return "male";
  if (name == "non binary" || name == "nonbinary" || name == "other") return "other";
  return kAnySegment;
}

}  // namespace

std::string ProfileSegment(const UserProfile& profile) {
  const std::string_view band = BandOf(profile.age_group);
  const std::string_view gender = GenderOf(profile.gender);
  if (band == kAnySegment && gender == kAnySegment) return std::string(kAnySegment);
  return std::string(band) + "|" + std::string(gender);
}

std::string SegmentOf(const Prompt& prompt, const UserProfile& profile) {
  return prompt.HasHole("profile") ? ProfileSegment(profile) : std::string(kAnySegment);
}

}  // namespace twohop
