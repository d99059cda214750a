#include "twohop/serving/testing/memory_user_states.h"

#include <utility>

namespace twohop {
namespace {

tl::unexpected<Error> ForReadingAlone() { return Unimplemented("states for reading alone"); }

}  // namespace

void MemoryUserStates::Put(UserState state) {
  MutexLock lock(mutex_);
  const UserId id = state.profile.id;
  states_.insert_or_assign(id, std::move(state));
}

void MemoryUserStates::FailWith(Error error) {
  MutexLock lock(mutex_);
  error_ = std::move(error);
}

void MemoryUserStates::PutDebate(const UserId& user, DebateRecord debate) {
  MutexLock lock(mutex_);
  debates_[user] = std::move(debate);
}

Result<std::optional<UserState>> MemoryUserStates::Get(const UserId& user) const {
  MutexLock lock(mutex_);
  if (error_.has_value()) return tl::unexpected<Error>(*error_);
  const auto found = states_.find(user);
  if (found == states_.end()) return std::nullopt;
  return found->second;
}

Status MemoryUserStates::PutProfiles(std::span<const UserProfile>) { return ForReadingAlone(); }
Status MemoryUserStates::Apply(std::span<const StateEvent>, LogOffset) { return ForReadingAlone(); }
Result<LogOffset> MemoryUserStates::applied() const { return LogOffset(0); }
Result<bool> MemoryUserStates::PutInterests(const UserId&, const InterestSet&,
                                            const std::optional<DebateRecord>&) {
  return ForReadingAlone();
}
Result<std::optional<DebateRecord>> MemoryUserStates::GetDebate(const UserId& user) const {
  MutexLock lock(mutex_);
  if (error_.has_value()) return tl::unexpected<Error>(*error_);
  const auto found = debates_.find(user);
  if (found == debates_.end()) return std::nullopt;
  return found->second;
}
Status MemoryUserStates::ForEach(const std::function<bool(const UserState&)>&) const {
  return ForReadingAlone();
}
Status MemoryUserStates::Remove(const UserId& user) {
  MutexLock lock(mutex_);
  if (error_.has_value()) return tl::unexpected<Error>(*error_);
  states_.erase(user);
  debates_.erase(user);
  return Ok();
}

}  // namespace twohop
