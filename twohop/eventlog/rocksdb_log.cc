#include "twohop/eventlog/rocksdb_log.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include "twohop/eventlog/log_record.h"
#include "twohop/rocks/rocks_number.h"
#include "twohop/rocks/rocks_status.h"

namespace twohop::eventlog_internal {
namespace {

// Numbers of the column families: positions in kFamilies.
constexpr std::size_t kEvents = 0;
constexpr std::size_t kIds = 1;
constexpr std::size_t kConsumers = 2;
constexpr std::size_t kMeta = 3;
constexpr std::array<RocksFamily, 4> kFamilies = {{
    {"events", RocksAccess::kInOrder},
    {"ids", RocksAccess::kByKey},
    {"consumers", RocksAccess::kByKey},
    {"meta", RocksAccess::kByKey},
}};

constexpr std::uint64_t kFormat = 1;

constexpr std::size_t kLookupsAtOnce = 256;  // Bounds the values that are pinned at one time.
constexpr std::size_t kMaxReserve = 65'536;  // A limit from a caller reserves no more events.

}  // namespace

Result<std::unique_ptr<RocksDbLog>> RocksDbLog::Open(const std::filesystem::path& dir,
                                                     OpenMode mode, const RocksOptions& options) {
  TWOHOP_ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(dir, mode, kFamilies, options));
  std::unique_ptr<RocksDbLog> log(new RocksDbLog(std::move(database)));
  TWOHOP_RETURN_IF_ERROR(CheckFormat(*log->database_, kMeta, kFormat));
  TWOHOP_RETURN_IF_ERROR(log->FindEnd());
  return log;
}

Status RocksDbLog::FindEnd() {
  const std::unique_ptr<rocksdb::Iterator> it(
      database_->db().NewIterator(rocksdb::ReadOptions(), database_->family(kEvents)));
  it->SeekToLast();
  if (!it->Valid()) return ToStatus(it->status(), database_->name());
  const auto last = ParseOffsetKey(ToView(it->key()));
  if (!last.has_value()) {
    return DataLoss(fmt::format("{}: the last key is not an offset", database_->name()));
  }
  end_ = last->value() + 1;
  return Ok();
}

Status RocksDbLog::LeaveOutStored(std::span<const Event* const> events,
                                  std::vector<const Event*>& kept) const {
  std::array<rocksdb::Slice, kLookupsAtOnce> keys;
  std::array<rocksdb::PinnableSlice, kLookupsAtOnce> values;
  std::array<rocksdb::Status, kLookupsAtOnce> found;
  std::ranges::transform(events, keys.begin(),
                         [](const Event* event) { return ToSlice(event->id.value()); });
  database_->db().MultiGet(rocksdb::ReadOptions(), database_->family(kIds), events.size(),
                           keys.data(), values.data(), found.data());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (found[i].ok()) continue;
    if (!found[i].IsNotFound()) return RocksError(found[i], database_->name());
    kept.push_back(events[i]);
  }
  return Ok();
}

Result<std::vector<const Event*>> RocksDbLog::LeaveOutKnown(std::span<const Event> events) const {
  std::vector<const Event*> distinct;
  distinct.reserve(events.size());
  std::unordered_set<std::string_view> ids(events.size());
  for (const Event& event : events) {
    if (ids.insert(event.id.value()).second) distinct.push_back(&event);
  }
  std::vector<const Event*> fresh;
  fresh.reserve(distinct.size());
  for (std::size_t i = 0; i < distinct.size(); i += kLookupsAtOnce) {
    const std::size_t count = std::min(kLookupsAtOnce, distinct.size() - i);
    TWOHOP_RETURN_IF_ERROR(LeaveOutStored(std::span(distinct).subspan(i, count), fresh));
  }
  return fresh;
}

// The ids go in sorted: a run of neighbours is cheaper to insert than keys all over the place.
rocksdb::Status RocksDbLog::FillBatch(std::span<const Event* const> events,
                                      rocksdb::WriteBatch& batch) const {
  LogOffset next = end();
  std::vector<std::pair<std::string_view, LogOffset>> ids;
  ids.reserve(events.size());
  for (const Event* event : events) {
    const rocksdb::Status added =
        batch.Put(database_->family(kEvents), OffsetKey(next), EventRecord(next, *event));
    if (!added.ok()) return added;
    ids.emplace_back(event->id.value(), next);
    next = LogOffset(next.value() + 1);
  }
  std::ranges::sort(ids);
  for (const auto& [id, offset] : ids) {
    const rocksdb::Status added =
        batch.Put(database_->family(kIds), ToSlice(id), NumberValue(offset.value()));
    if (!added.ok()) return added;
  }
  return rocksdb::Status::OK();
}

Result<AppendResult> RocksDbLog::Append(std::span<const Event> events) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(append_mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const auto fresh, LeaveOutKnown(events));
  AppendResult result{end(), fresh.size(), events.size() - fresh.size()};
  if (fresh.empty()) return result;
  rocksdb::WriteBatch batch;
  TWOHOP_RETURN_IF_ERROR(ToStatus(FillBatch(fresh, batch), database_->name()));
  TWOHOP_RETURN_IF_ERROR(database_->Write(batch));
  result.next = LogOffset(result.next.value() + fresh.size());
  end_.store(result.next.value(), std::memory_order_release);
  return result;
}

Result<LogBatch> RocksDbLog::Read(LogOffset from, std::size_t limit) const {
  const LogOffset end = this->end();
  if (from > end) {
    return NotFound(fmt::format("{}: offset {} is past the end, {}", database_->name(),
                                from.value(), end.value()));
  }
  LogBatch batch{{}, from};
  const std::uint64_t count = std::min<std::uint64_t>(limit, end.value() - from.value());
  if (count == 0) return batch;
  batch.events.reserve(std::min<std::uint64_t>(count, kMaxReserve));
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // Read once in order; what is looked up by key stays cached.
  const std::unique_ptr<rocksdb::Iterator> it(
      database_->db().NewIterator(options, database_->family(kEvents)));
  for (it->Seek(OffsetKey(from)); batch.events.size() < count; it->Next()) {
    if (!it->Valid() || ParseOffsetKey(ToView(it->key())) != batch.next) {
      return MissingAt(batch.next, it->status());
    }
    auto event = ParseEventRecord(batch.next, ToView(it->value()));
    if (!event.has_value()) return Annotate(event, database_->name());
    batch.events.push_back({batch.next, *std::move(event)});
    batch.next = LogOffset(batch.next.value() + 1);
  }
  return batch;
}

tl::unexpected<Error> RocksDbLog::MissingAt(LogOffset offset, const rocksdb::Status& why) const {
  const std::string what = fmt::format("{}: event at offset {}", database_->name(), offset.value());
  if (!why.ok()) return RocksError(why, what);
  return DataLoss(fmt::format("{} is missing", what));
}

Status RocksDbLog::Commit(std::string_view consumer, LogOffset next) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  if (next > end()) {
    return InvalidArgument(fmt::format("{}: {} commits offset {}, past the end, {}",
                                       database_->name(), consumer, next.value(), end().value()));
  }
  MutexLock lock(commit_mutex_);
  TWOHOP_ASSIGN_OR_RETURN(const LogOffset committed, Committed(consumer));
  if (next <= committed) return Ok();
  return PutNumber(*database_, kConsumers, consumer, next.value());
}

Result<LogOffset> RocksDbLog::Committed(std::string_view consumer) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto offset, GetNumber(*database_, kConsumers, consumer));
  return LogOffset(offset.value_or(0));
}

}  // namespace twohop::eventlog_internal
