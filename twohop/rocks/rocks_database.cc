#include "twohop/rocks/rocks_database.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/rocks/rocks_status.h"
#include "twohop/rocks/rocks_tuning.h"

namespace twohop {
namespace {

// A reader opens files one after the other; a writer in another process may have merged one away in
// between, and the next try sees the new list.
constexpr int kReadOnlyTries = 5;

bool IsLocked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && text.find("/LOCK") != std::string::npos &&
         text.find("ermission denied") == std::string::npos;
}

bool HasUnknownFamilies(const rocksdb::Status& status) {
  return status.IsInvalidArgument() &&
         status.ToString().find("olumn families not opened") != std::string::npos;
}

// The folder holds a database, so a file that is missing is one that it needs.
bool LacksFile(const rocksdb::Status& status) {
  return status.IsPathNotFound() || status.ToString().find("No such file") != std::string::npos;
}

tl::unexpected<Error> OpenError(const rocksdb::Status& status, const std::string& name) {
  if (IsLocked(status)) {
    return FailedPrecondition(fmt::format(
        "{} is open for writing already, by this or another process; end that one first", name));
  }
  if (HasUnknownFamilies(status)) {
    return FailedPrecondition(fmt::format(
        "{} holds another kind of store, or a newer version's: {}", name, status.ToString()));
  }
  if (LacksFile(status)) {
    return DataLoss(fmt::format("{} lacks a file: {}", name, status.ToString()));
  }
  return RocksError(status, fmt::format("cannot open {}", name));
}

Status PrepareFolder(const std::filesystem::path& dir, OpenMode mode) {
  if (mode == OpenMode::kReadWrite) return MakeDirectories(dir);
  std::error_code ignored;
  if (std::filesystem::exists(dir / "CURRENT", ignored)) return Ok();
  return NotFound(fmt::format("{} holds no store", dir.string()));
}

}  // namespace

RocksDatabase::RocksDatabase(std::string name, OpenMode mode, SyncPolicy sync)
    : name_(std::move(name)), mode_(mode), sync_(sync) {}

RocksDatabase::~RocksDatabase() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    // The only failure is a handle of another database.
    static_cast<void>(db_->DestroyColumnFamilyHandle(handle));
  }
  // What is in memory is in the write-ahead log as well.
  static_cast<void>(db_->Close());
}

rocksdb::Status RocksDatabase::OpenDb(
    const rocksdb::DBOptions& options,
    const std::vector<rocksdb::ColumnFamilyDescriptor>& families) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      mode_ == OpenMode::kReadWrite
          ? rocksdb::DB::Open(options, name_, families, &handles_, &db)
          : rocksdb::DB::OpenForReadOnly(options, name_, families, &handles_, &db);
  db_.reset(db);
  return opened;
}

Result<std::unique_ptr<RocksDatabase>> RocksDatabase::Open(const std::filesystem::path& dir,
                                                           OpenMode mode,
                                                           std::span<const RocksFamily> families,
                                                           const RocksOptions& options) {
  TWOHOP_RETURN_IF_ERROR(PrepareFolder(dir, mode));
  const rocksdb::DBOptions db_options = rocks_internal::TunedDbOptions(mode, options);
  const auto descriptors = rocks_internal::TunedFamilies(families, options);
  std::unique_ptr<RocksDatabase> database(new RocksDatabase(dir.string(), mode, options.sync));
  rocksdb::Status opened = database->OpenDb(db_options, descriptors);
  for (int tries = 1; mode == OpenMode::kReadOnly && LacksFile(opened) && tries < kReadOnlyTries;
       ++tries) {
    opened = database->OpenDb(db_options, descriptors);
  }
  if (!opened.ok()) return OpenError(opened, database->name_);
  return database;
}

Result<std::optional<rocksdb::PinnableSlice>> RocksDatabase::Get(std::size_t family,
                                                                 std::string_view key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status got =
      db_->Get(rocksdb::ReadOptions(), handles_[family], ToSlice(key), &value);
  if (got.IsNotFound()) return std::nullopt;
  if (!got.ok()) return RocksError(got, fmt::format("cannot read {}", name_));
  return value;
}

Status RocksDatabase::Write(rocksdb::WriteBatch& batch) {
  TWOHOP_RETURN_IF_ERROR(RequireWritable());
  rocksdb::WriteOptions options;
  options.sync = sync_ == SyncPolicy::kEveryWrite;
  rocksdb::Status written = db_->Write(options, &batch);
  // After an I/O failure, perhaps of a flush in the background, RocksDB refuses writes until it is
  // told to carry on.
  if (written.IsIOError()) {
    const rocksdb::Status resumed = db_->Resume();
    if (resumed.ok()) written = db_->Write(options, &batch);
  }
  return ToStatus(written, fmt::format("cannot write {}", name_));
}

Status RocksDatabase::RequireWritable() const {
  if (mode_ == OpenMode::kReadWrite) return Ok();
  return FailedPrecondition(fmt::format("{} was opened for reading only", name_));
}

}  // namespace twohop
