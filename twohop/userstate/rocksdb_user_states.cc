#include "twohop/userstate/rocksdb_user_states.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/iterator.h>
#include <rocksdb/snapshot.h>

#include "twohop/rocks/rocks_number.h"
#include "twohop/rocks/rocks_status.h"
#include "twohop/userstate/user_record.h"

namespace twohop::userstate_internal {
namespace {

// Numbers of the column families: positions in kFamilies. Those before kMeta make up a UserState;
// they and the debates are kept by user id.
constexpr std::size_t kProfile = 0;
constexpr std::size_t kActivity = 1;
constexpr std::size_t kInterests = 2;
constexpr std::size_t kMeta = 3;
constexpr std::size_t kDebates = 4;
constexpr std::array<RocksFamily, 5> kFamilies = {{
    {"profile", RocksAccess::kByKey},
    {"activity", RocksAccess::kByKey},
    {"interests", RocksAccess::kByKey},
    {"meta", RocksAccess::kByKey},
    {"debates", RocksAccess::kByKey},
}};

constexpr std::string_view kAppliedKey = "applied";
constexpr std::uint64_t kFormat = 1;

// The bytes stored under one user id; nothing where there is no record.
using UserRecords = std::array<std::optional<std::string_view>, kMeta>;

Result<std::optional<UserState>> ParseState(const UserId& user, const UserRecords& records) {
  if (!records[kProfile].has_value() && !records[kActivity].has_value()) return std::nullopt;
  UserState state;
  state.profile.id = user;
  if (records[kProfile].has_value()) {
    TWOHOP_ASSIGN_OR_RETURN(state.profile, ParseProfileRecord(user, *records[kProfile]));
  }
  if (records[kActivity].has_value()) {
    TWOHOP_ASSIGN_OR_RETURN(auto activity, ParseActivityRecord(user, *records[kActivity]));
    state.clicks = std::move(activity.clicks);
    state.searches = std::move(activity.searches);
    state.exposures = std::move(activity.exposures);
    state.exposure_count = activity.exposure_count;
    state.click_count = activity.click_count;
    state.feedback = std::move(activity.feedback);
  }
  if (records[kInterests].has_value()) {
    TWOHOP_ASSIGN_OR_RETURN(state.interests, ParseInterestRecord(user, *records[kInterests]));
  }
  return state;
}

// Walks the users of several families side by side, ordered by id.
class UserCursor {
 public:
  UserCursor(const RocksDatabase& database, const rocksdb::ReadOptions& options) {
    for (std::size_t family = 0; family < kMeta; ++family) {
      iterators_[family].reset(database.db().NewIterator(options, database.family(family)));
      iterators_[family]->SeekToFirst();
    }
  }

  // The smallest id that is left; nothing at the end.
  std::optional<UserId> user() const {
    std::optional<std::string_view> smallest;
    for (const auto& it : iterators_) {
      if (it->Valid() && (!smallest.has_value() || ToView(it->key()) < *smallest)) {
        smallest = ToView(it->key());
      }
    }
    if (!smallest.has_value()) return std::nullopt;
    return UserId(std::string(*smallest));
  }

  // Valid until Advance().
  UserRecords RecordsOf(const UserId& user) const {
    UserRecords records;
    for (std::size_t family = 0; family < kMeta; ++family) {
      if (IsAt(family, user)) records[family] = ToView(iterators_[family]->value());
    }
    return records;
  }

  void AdvancePast(const UserId& user) {
    for (std::size_t family = 0; family < kMeta; ++family) {
      if (IsAt(family, user)) iterators_[family]->Next();
    }
  }

  rocksdb::Status status() const {
    for (const auto& it : iterators_) {
      if (!it->status().ok()) return it->status();
    }
    return rocksdb::Status::OK();
  }

 private:
  bool IsAt(std::size_t family, const UserId& user) const {
    return iterators_[family]->Valid() && ToView(iterators_[family]->key()) == user.value();
  }

  std::array<std::unique_ptr<rocksdb::Iterator>, kMeta> iterators_;
};

// Keeps the events of a user in their order.
std::map<std::string_view, std::vector<const StateEvent*>> GroupByUser(
    std::span<const StateEvent> events) {
  std::map<std::string_view, std::vector<const StateEvent*>> groups;
  for (const StateEvent& event : events) groups[event.event.user.value()].push_back(&event);
  return groups;
}

}  // namespace

Result<std::unique_ptr<RocksDbUserStates>> RocksDbUserStates::Open(const std::filesystem::path& dir,
                                                                   OpenMode mode,
                                                                   const RocksOptions& options) {
  TWOHOP_ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(dir, mode, kFamilies, options));
  TWOHOP_RETURN_IF_ERROR(CheckFormat(*database, kMeta, kFormat));
  return std::unique_ptr<RocksDbUserStates>(new RocksDbUserStates(std::move(database)));
}

Result<std::optional<UserState>> RocksDbUserStates::Get(const UserId& user) const {
  // One call, so that a removal in between is seen by all records or by none.
  std::array<rocksdb::ColumnFamilyHandle*, kMeta> families{};
  std::array<rocksdb::Slice, kMeta> keys;
  std::array<rocksdb::PinnableSlice, kMeta> values;
  std::array<rocksdb::Status, kMeta> found;
  for (std::size_t family = 0; family < kMeta; ++family)
    families[family] = database_->family(family);
  keys.fill(ToSlice(user.value()));
  database_->db().MultiGet(rocksdb::ReadOptions(), kMeta, families.data(), keys.data(),
                           values.data(), found.data());
  UserRecords records;
  for (std::size_t family = 0; family < kMeta; ++family) {
    if (found[family].ok()) records[family] = ToView(values[family]);
    if (!found[family].ok() && !found[family].IsNotFound()) {
      return RocksError(found[family], fmt::format("{}: user {}", database_->name(), user.value()));
    }
  }
  Result<std::optional<UserState>> state = ParseState(user, records);
  if (!state.has_value()) return Annotate(state, database_->name());
  return state;
}

Status RocksDbUserStates::PutProfiles(std::span<const UserProfile> profiles) {
  MutexLock lock(write_mutex_);
  rocksdb::WriteBatch batch;
  for (const UserProfile& profile : profiles) {
    TWOHOP_RETURN_IF_ERROR(ToStatus(
        batch.Put(database_->family(kProfile), ToSlice(profile.id.value()), ProfileRecord(profile)),
        database_->name()));
  }
  return database_->Write(batch);
}

Result<UserActivity> RocksDbUserStates::ReadActivity(const UserId& user) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto record, database_->Get(kActivity, user.value()));
  if (!record.has_value()) return UserActivity{};
  Result<UserActivity> activity = ParseActivityRecord(user, ToView(*record));
  if (!activity.has_value()) return Annotate(activity, database_->name());
  return activity;
}

Status RocksDbUserStates::Apply(std::span<const StateEvent> events, LogOffset next) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const LogOffset before, applied());
  if (next <= before) return Ok();
  rocksdb::WriteBatch batch;
  for (const auto& [name, own] : GroupByUser(events)) {
    const UserId& user = own.front()->event.user;
    TWOHOP_ASSIGN_OR_RETURN(UserActivity activity, ReadActivity(user));
    for (const StateEvent* event : own) ApplyEvent(*event, activity);
    TWOHOP_RETURN_IF_ERROR(ToStatus(
        batch.Put(database_->family(kActivity), ToSlice(name), ActivityRecord(user, activity)),
        database_->name()));
  }
  TWOHOP_RETURN_IF_ERROR(
      ToStatus(batch.Put(database_->family(kMeta), ToSlice(kAppliedKey), NumberValue(next.value())),
               database_->name()));
  return database_->Write(batch);
}

Result<LogOffset> RocksDbUserStates::applied() const {
  TWOHOP_ASSIGN_OR_RETURN(const auto offset, GetNumber(*database_, kMeta, kAppliedKey));
  return LogOffset(offset.value_or(0));
}

Result<bool> RocksDbUserStates::MayReplaceInterests(const UserId& user,
                                                    const InterestSet& interests) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto profile, database_->Get(kProfile, user.value()));
  TWOHOP_ASSIGN_OR_RETURN(const auto activity, database_->Get(kActivity, user.value()));
  if (!profile.has_value() && !activity.has_value()) return false;
  TWOHOP_ASSIGN_OR_RETURN(const auto record, database_->Get(kInterests, user.value()));
  if (!record.has_value()) return true;
  const auto stored = ParseInterestRecord(user, ToView(*record));
  // What is damaged is better replaced than kept.
  return !stored.has_value() || stored->created <= interests.created;
}

Result<bool> RocksDbUserStates::PutInterests(const UserId& user, const InterestSet& interests,
                                             const std::optional<DebateRecord>& debate) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const bool replace, MayReplaceInterests(user, interests));
  if (!replace) return false;
  rocksdb::WriteBatch batch;
  TWOHOP_RETURN_IF_ERROR(ToStatus(batch.Put(database_->family(kInterests), ToSlice(user.value()),
                                            InterestRecord(user, interests)),
                                  database_->name()));
  rocksdb::ColumnFamilyHandle* const debates = database_->family(kDebates);
  const rocksdb::Slice key = ToSlice(user.value());
  TWOHOP_RETURN_IF_ERROR(ToStatus(
      debate ? batch.Put(debates, key, RecordOfDebate(user, *debate)) : batch.Delete(debates, key),
      database_->name()));
  TWOHOP_RETURN_IF_ERROR(database_->Write(batch));
  return true;
}

Result<std::optional<DebateRecord>> RocksDbUserStates::GetDebate(const UserId& user) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto record, database_->Get(kDebates, user.value()));
  if (!record.has_value()) return std::nullopt;
  Result<DebateRecord> debate = ParseRecordOfDebate(user, ToView(*record));
  if (!debate.has_value()) return Annotate(debate, database_->name());
  return *std::move(debate);
}

Status RocksDbUserStates::ForEach(const std::function<bool(const UserState&)>& visit) const {
  rocksdb::ManagedSnapshot snapshot(&database_->db());
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  options.fill_cache = false;  // A pass over everything does not push out what is in use.
  UserCursor cursor(*database_, options);
  for (auto user = cursor.user(); user.has_value() && cursor.status().ok(); user = cursor.user()) {
    const auto state = ParseState(*user, cursor.RecordsOf(*user));
    if (!state.has_value()) return Annotate(state, database_->name());
    if (state->has_value() && !visit(**state)) return Ok();
    cursor.AdvancePast(*user);
  }
  return ToStatus(cursor.status(), fmt::format("cannot read {}", database_->name()));
}

Status RocksDbUserStates::Remove(const UserId& user) {
  MutexLock lock(write_mutex_);
  rocksdb::WriteBatch batch;
  for (const std::size_t family : {kProfile, kActivity, kInterests, kDebates}) {
    TWOHOP_RETURN_IF_ERROR(ToStatus(batch.Delete(database_->family(family), ToSlice(user.value())),
                                    database_->name()));
  }
  return database_->Write(batch);
}

}  // namespace twohop::userstate_internal
