// User states on disk.

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// An event with what the catalogue knew of its item.
struct StateEvent {
  Event event;
  std::string category_id;  // Category::id of the item; empty for searches and unknown items.
  std::string level1;       // Name of its level-1 category; empty likewise.
};

// Implementations are thread-safe. Reads see the last completed write.
class UserStateStore {
 public:
  virtual ~UserStateStore() = default;

  // Nothing if the user is unknown: no profile and no event.
  //
  // Errors: kDataLoss if the record is damaged, naming the user.
  virtual Result<std::optional<UserState>> Get(const UserId& user) const = 0;

  // Adds or replaces profiles.
  virtual Status PutProfiles(std::span<const UserProfile> profiles) = 0;

  // Works `events` into their users' states and records that every event before `next` is in. Both
  // are written in one batch, so a crash leaves both or neither. A call whose `next` is not beyond
  // applied() changes nothing: events delivered again have no effect. Late events land where their
  // time belongs.
  virtual Status Apply(std::span<const StateEvent> events, LogOffset next) = 0;

  // The offset up to which events are worked in; 0 for a new store.
  virtual Result<LogOffset> applied() const = 0;

  // Replaces the user's interests, unless those stored were created later. Returns whether it did.
  virtual Result<bool> PutInterests(const UserId& user, const InterestSet& interests) = 0;

  // Calls `visit` for each known user, ordered by id, until it returns false. Sees a consistent
  // state of the moment of the call.
  virtual Status ForEach(const std::function<bool(const UserState&)>& visit) const = 0;

  // Removes everything that is stored under this user's id. An unknown user is fine.
  virtual Status Remove(const UserId& user) = 0;
};

// A store in RocksDB.
//
// Errors: kNotFound if it is opened for reading and not there; kFailedPrecondition if another
// process has it open for writing; kDataLoss if it is damaged; kResourceExhausted if the disk is
// full.
Result<std::unique_ptr<UserStateStore>> OpenUserStateStore(const std::filesystem::path& dir,
                                                           OpenMode mode);

}  // namespace twohop
