#include "twohop/userstate/user_record.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/rocks/rocks_record.h"

namespace twohop::userstate_internal {
namespace {

constexpr std::uint64_t kProfileVersion = 1;
// Version 1 has no feedback, version 2 no exposures of items.
constexpr std::uint64_t kActivityVersion = 3;
constexpr std::uint64_t kDebateVersion = 1;

using Category = std::pair<std::string_view, std::string_view>;  // Id, level-1 name.

std::int64_t Ticks(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint ReadTime(BinaryReader& in) { return TimePoint(Milliseconds(in.Signed())); }

// Reads the record of `user` with `read`, and names the user in every error.
template <typename T, typename Read>
Result<T> ParseSealed(const UserId& user, std::string_view record, std::string_view what,
                      Read read) {
  const auto payload = OpenRecord(user.value(), record);
  if (!payload.has_value()) {
    return DataLoss(fmt::format("bad checksum of the {} of user {}", what, user.value()));
  }
  BinaryReader in(*payload);
  Result<T> value = read(in);
  if (value.has_value()) {
    if (const Status whole = in.Finish(); !whole.has_value()) value = Annotate(whole, "record");
  }
  if (value.has_value()) return value;
  return Annotate(value, fmt::format("{} of user {}", what, user.value()));
}

Result<std::uint64_t> ReadVersion(BinaryReader& in, std::uint64_t newest) {
  const std::uint64_t version = in.Unsigned();
  if (version <= newest) return version;
  return Unimplemented(fmt::format("record of version {}", version));
}

void WriteClicks(const std::vector<ClickRecord>& clicks, BinaryWriter& out) {
  std::map<Category, std::uint64_t> numbers;
  std::vector<Category> categories;
  for (const ClickRecord& click : clicks) {
    const Category category(click.category_id, click.level1);
    if (numbers.emplace(category, categories.size()).second) categories.push_back(category);
  }
  out.Unsigned(categories.size());
  for (const auto& [id, level1] : categories) {
    out.Bytes(id);
    out.Bytes(level1);
  }
  out.Unsigned(clicks.size());
  for (const ClickRecord& click : clicks) {
    out.Bytes(click.item.value());
    out.Unsigned(numbers.at(Category(click.category_id, click.level1)));
    out.Signed(Ticks(click.time));
  }
}

std::vector<ClickRecord> ReadClicks(BinaryReader& in) {
  std::vector<Category> categories(in.Count());
  for (auto& [id, level1] : categories) {
    id = in.Bytes();
    level1 = in.Bytes();
  }
  std::vector<ClickRecord> clicks(in.Count());
  for (ClickRecord& click : clicks) {
    click.item = ItemId(std::string(in.Bytes()));
    const std::uint64_t number = in.UnsignedIn(0, categories.empty() ? 0 : categories.size() - 1);
    if (in.failed() || categories.empty()) break;
    click.category_id = categories[number].first;
    click.level1 = categories[number].second;
    click.time = ReadTime(in);
  }
  return clicks;
}

void WriteFeedback(const InterestFeedback& feedback, BinaryWriter& out) {
  out.Unsigned(feedback.given.size());
  for (const FeedbackRecord& record : feedback.given) {
    out.Unsigned(static_cast<std::uint64_t>(record.verdict));
    out.Bytes(record.category_id);
    out.Bytes(record.demand);
    out.Signed(Ticks(record.time));
  }
  out.Unsigned(feedback.outcomes.size());
  for (const NoveltyOutcome& outcome : feedback.outcomes) {
    out.Bytes(outcome.category_id);
    out.Unsigned(outcome.exposures);
    out.Unsigned(outcome.clicks);
    out.Unsigned(outcome.unanswered);
    out.Signed(Ticks(outcome.newest));
  }
}

InterestFeedback ReadFeedback(BinaryReader& in) {
  InterestFeedback feedback;
  feedback.given.resize(in.Count());
  for (FeedbackRecord& record : feedback.given) {
    record.verdict = static_cast<FeedbackVerdict>(
        in.UnsignedIn(static_cast<std::uint64_t>(FeedbackVerdict::kAccept),
                      static_cast<std::uint64_t>(FeedbackVerdict::kNotThisDirection)));
    record.category_id = std::string(in.Bytes());
    record.demand = std::string(in.Bytes());
    record.time = ReadTime(in);
  }
  feedback.outcomes.resize(in.Count());
  for (NoveltyOutcome& outcome : feedback.outcomes) {
    outcome.category_id = std::string(in.Bytes());
    outcome.exposures = in.Unsigned();
    outcome.clicks = in.Unsigned();
    outcome.unanswered = in.Unsigned();
    outcome.newest = ReadTime(in);
  }
  return feedback;
}

void WriteExposures(const std::vector<ExposureRecord>& exposures, BinaryWriter& out) {
  out.Unsigned(exposures.size());
  for (const ExposureRecord& exposure : exposures) {
    out.Bytes(exposure.item.value());
    out.Signed(Ticks(exposure.time));
  }
}

std::vector<ExposureRecord> ReadExposures(BinaryReader& in) {
  std::vector<ExposureRecord> exposures(in.Count());
  for (ExposureRecord& exposure : exposures) {
    exposure.item = ItemId(std::string(in.Bytes()));
    exposure.time = ReadTime(in);
  }
  return exposures;
}

void WriteActivity(const UserActivity& activity, BinaryWriter& out) {
  out.Unsigned(kActivityVersion);
  out.Signed(Ticks(activity.newest));
  out.Unsigned(activity.exposure_count);
  out.Unsigned(activity.click_count);
  WriteClicks(activity.clicks, out);
  out.Unsigned(activity.searches.size());
  for (const SearchRecord& search : activity.searches) {
    out.Bytes(search.query);
    out.Signed(Ticks(search.time));
  }
  WriteFeedback(activity.feedback, out);
  WriteExposures(activity.exposures, out);
}

Result<UserActivity> ReadActivity(BinaryReader& in) {
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t version, ReadVersion(in, kActivityVersion));
  UserActivity activity;
  activity.newest = ReadTime(in);
  activity.exposure_count = in.Unsigned();
  activity.click_count = in.Unsigned();
  activity.clicks = ReadClicks(in);
  activity.searches.resize(in.Count());
  for (SearchRecord& search : activity.searches) {
    search.query = std::string(in.Bytes());
    search.time = ReadTime(in);
  }
  if (version >= 2) activity.feedback = ReadFeedback(in);
  if (version >= 3) activity.exposures = ReadExposures(in);
  return activity;
}

}  // namespace

std::string ProfileRecord(const UserProfile& profile) {
  BinaryWriter out;
  out.Unsigned(kProfileVersion);
  out.Bytes(profile.age_group);
  out.Bytes(profile.gender);
  return SealRecord(profile.id.value(), out.str());
}

Result<UserProfile> ParseProfileRecord(const UserId& user, std::string_view record) {
  return ParseSealed<UserProfile>(user, record, "profile",
                                  [&](BinaryReader& in) -> Result<UserProfile> {
                                    TWOHOP_RETURN_IF_ERROR(ReadVersion(in, kProfileVersion));
                                    UserProfile profile;
                                    profile.id = user;
                                    profile.age_group = std::string(in.Bytes());
                                    profile.gender = std::string(in.Bytes());
                                    return profile;
                                  });
}

std::string ActivityRecord(const UserId& user, const UserActivity& activity) {
  BinaryWriter out;
  WriteActivity(activity, out);
  return SealRecord(user.value(), out.str());
}

Result<UserActivity> ParseActivityRecord(const UserId& user, std::string_view record) {
  return ParseSealed<UserActivity>(user, record, "activity", ReadActivity);
}

std::string InterestRecord(const UserId& user, const InterestSet& interests) {
  BinaryWriter out;
  WriteInterestSet(interests, out);
  return SealRecord(user.value(), out.str());
}

Result<InterestSet> ParseInterestRecord(const UserId& user, std::string_view record) {
  return ParseSealed<InterestSet>(user, record, "interests", ReadInterestSet);
}

std::string RecordOfDebate(const UserId& user, const DebateRecord& debate) {
  BinaryWriter out;
  out.Unsigned(kDebateVersion);
  out.Bytes(DumpJson(DebateToJson(debate)));
  return SealRecord(user.value(), out.str());
}

Result<DebateRecord> ParseRecordOfDebate(const UserId& user, std::string_view record) {
  return ParseSealed<DebateRecord>(
      user, record, "debate", [](BinaryReader& in) -> Result<DebateRecord> {
        TWOHOP_RETURN_IF_ERROR(ReadVersion(in, kDebateVersion));
        TWOHOP_ASSIGN_OR_RETURN(const Json json, ParseJson(in.Bytes()));
        return DebateFromJson(json);
      });
}

}  // namespace twohop::userstate_internal
