// The class behind OpenUserStateStore; for twohop/userstate alone.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "twohop/base/mutex.h"
#include "twohop/rocks/rocks_database.h"
#include "twohop/userstate/user_activity.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::userstate_internal {

// Column families `profile`, `activity` and `interests`, user id → record of user_record.h; `meta`,
// "applied" → offset and "format" → version of this layout, both varints. Events touch `activity`
// alone, so that interests with their vectors are not written again for every click.
class RocksDbUserStates final : public UserStateStore {
 public:
  // Errors: those of OpenUserStateStore.
  static Result<std::unique_ptr<RocksDbUserStates>> Open(const std::filesystem::path& dir,
                                                         OpenMode mode,
                                                         const RocksOptions& options = {});

  Result<std::optional<UserState>> Get(const UserId& user) const override;
  Status PutProfiles(std::span<const UserProfile> profiles) override;
  Status Apply(std::span<const StateEvent> events, LogOffset next) override;
  Result<LogOffset> applied() const override;
  Result<bool> PutInterests(const UserId& user, const InterestSet& interests,
                            const std::optional<DebateRecord>& debate) override;
  Result<std::optional<DebateRecord>> GetDebate(const UserId& user) const override;
  Status ForEach(const std::function<bool(const UserState&)>& visit) const override;
  Status Remove(const UserId& user) override;

 private:
  explicit RocksDbUserStates(std::unique_ptr<RocksDatabase> database)
      : database_(std::move(database)) {}

  Result<UserActivity> ReadActivity(const UserId& user) const;
  // False if newer interests are stored, or the user is unknown.
  Result<bool> MayReplaceInterests(const UserId& user, const InterestSet& interests) const;

  std::unique_ptr<RocksDatabase> database_;
  // Held over the writes themselves: reading a record, changing it and writing it back must be one
  // step. Readers never take it.
  Mutex write_mutex_;
};

}  // namespace twohop::userstate_internal
