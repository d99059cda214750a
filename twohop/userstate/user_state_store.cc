#include "twohop/userstate/user_state_store.h"

#include <utility>

#include "twohop/userstate/rocksdb_user_states.h"

namespace twohop {

Result<std::unique_ptr<UserStateStore>> OpenUserStateStore(const std::filesystem::path& dir,
                                                           OpenMode mode) {
  TWOHOP_ASSIGN_OR_RETURN(auto store, userstate_internal::RocksDbUserStates::Open(dir, mode));
  return std::unique_ptr<UserStateStore>(std::move(store));
}

}  // namespace twohop
