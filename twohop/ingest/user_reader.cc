#include "twohop/ingest/user_reader.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/ingest/row_reader.h"
#include "twohop/ingest/user_row.h"

namespace twohop {
namespace {

using ingest_internal::RowReader;
using UserCallback = std::function<Status(std::span<const UserProfile>)>;

// Gathers users into batches.
class UserBatcher {
 public:
  UserBatcher(RowReader& rows, const UserCallback& callback) : rows_(rows), callback_(callback) {}

  Status Add(ingest_internal::RawRow& row) {
    auto user = ingest_internal::MakeUser(row);
    if (!user.has_value()) return rows_.Reject(user.error());
    // 64-bit hashes: among ten million users the chance that any two collide is 3 in a million.
    if (!seen_.insert(Hash64(user->id.value())).second) {
      return rows_.Reject({RowFault::kDuplicateId,
                           fmt::format("user \"{}\" is in the file already", user->id.value())});
    }
    batch_.push_back(*std::move(user));
    return batch_.size() < kUserBatch ? Ok() : Flush();
  }

  Status Flush() {
    if (batch_.empty()) return Ok();
    TWOHOP_RETURN_IF_ERROR(callback_(batch_));
    batch_.clear();
    return Ok();
  }

  std::uint64_t users() const { return seen_.size(); }

 private:
  RowReader& rows_;
  const UserCallback& callback_;
  std::vector<UserProfile> batch_;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

Result<std::uint64_t> ForEachUser(const std::filesystem::path& path, RejectReport& rejects,
                                  Progress& progress, const UserCallback& callback) {
  TWOHOP_ASSIGN_OR_RETURN(const auto rows,
                          RowReader::Open(path, ingest_internal::UserSchema(), rejects));
  const auto stage = progress.Begin("read users", rows->file_bytes());
  UserBatcher batcher(*rows, callback);
  while (true) {
    TWOHOP_ASSIGN_OR_RETURN(ingest_internal::RawRow* const row, rows->Next());
    stage->Update(rows->bytes_read());
    if (row == nullptr) break;
    TWOHOP_RETURN_IF_ERROR(batcher.Add(*row));
  }
  TWOHOP_RETURN_IF_ERROR(batcher.Flush());
  return batcher.users();
}

}  // namespace twohop
