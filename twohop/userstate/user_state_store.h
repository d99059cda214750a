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
#include "twohop/domain/debate_record.h"
#include "twohop/domain/event.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// An event with what the catalogue knew of its item.
struct StateEvent {
  Event event;
  std::string category_id;  // Category::id of the item; empty unless HasItem, and if unknown.
  std::string level1;       // Name of its level-1 category; empty likewise.
};

// Implementations are thread-safe. Reads see the last completed write and never wait for one;
// writes are serialised.
//
// Errors of every method that writes: kFailedPrecondition if the store was opened for reading;
// kResourceExhausted if the disk is full; kUnavailable for any other I/O failure. Then nothing was
// written, and what is stored stays readable. Of every method: kDataLoss if a record that it needs
// is damaged, naming the user.
class UserStateStore {
 public:
  virtual ~UserStateStore() = default;

  // Nothing if the user is unknown: no profile and no event. Cheap: one user costs microseconds.
  virtual Result<std::optional<UserState>> Get(const UserId& user) const = 0;

  // Adds or replaces profiles.
  virtual Status PutProfiles(std::span<const UserProfile> profiles) = 0;

  // Works `events` into their users' states and records that every event before `next` is in. Both
  // are written in one batch, so a crash leaves both or neither. A call whose `next` is not beyond
  // applied() changes nothing: events delivered again have no effect. Late events land where their
  // time belongs; of two with the same time the later in the log is the newer. How a log is cut
  // into calls makes no difference. Every user that occurs is read and written once.
  //
  // REQUIRES: `events` are all those of the log in [applied(), next), in its order, or none of them
  // if next <= applied().
  virtual Status Apply(std::span<const StateEvent> events, LogOffset next) = 0;

  // The offset up to which events are worked in; 0 for a new store.
  virtual Result<LogOffset> applied() const = 0;

  // Replaces the user's interests, unless those stored were created later. Returns whether it did.
  // An unknown user's are not stored, so that a refresh under way does not bring back what Remove
  // took away. A damaged record is replaced. `debate` are the minutes of how the interests came
  // about, and takes the place of those before; nothing: there was none.
  virtual Result<bool> PutInterests(const UserId& user, const InterestSet& interests,
                                    const std::optional<DebateRecord>& debate) = 0;

  // The minutes that came with the stored interests; nothing if there are none. Not part of Get:
  // nobody needs them on the way to an answer.
  virtual Result<std::optional<DebateRecord>> GetDebate(const UserId& user) const = 0;

  // Calls `visit` for each known user, ordered by id, until it returns false. Sees a consistent
  // state of the moment of the call.
  virtual Status ForEach(const std::function<bool(const UserState&)>& visit) const = 0;

  // Removes everything that is stored under this user's id. An unknown user is fine. Events that
  // are worked in later make the user known again, from nothing.
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
