// User states that a test puts there.

#pragma once

#include <map>
#include <optional>

#include "twohop/base/mutex.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

// Gives what Put() was given last. Everything that writes is kUnimplemented, but Remove.
//
// Thread-safe.
class MemoryUserStates final : public UserStateStore {
 public:
  void Put(UserState state);
  void PutDebate(const UserId& user, DebateRecord debate);
  // Every Get() and Remove() fails like this from now on.
  void FailWith(Error error);

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
  mutable Mutex mutex_;
  std::map<UserId, UserState> states_ TWOHOP_GUARDED_BY(mutex_);
  std::map<UserId, DebateRecord> debates_ TWOHOP_GUARDED_BY(mutex_);
  std::optional<Error> error_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
