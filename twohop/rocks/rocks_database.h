// A RocksDB database with its column families: opened, tuned and closed in one place.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/slice.h>
#include <rocksdb/write_batch.h>

#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"

namespace twohop {

// What a column family is tuned for.
enum class RocksAccess : std::uint8_t {
  kByKey,    // Looked up one key at a time, often for keys that are not there: Bloom filters.
  kInOrder,  // Written and read in the order of its keys.
};

struct RocksFamily {
  std::string_view name;
  RocksAccess access = RocksAccess::kByKey;
};

struct RocksOptions {
  std::size_t block_cache_bytes = std::size_t{32} << 20U;   // For reads, filters and indexes.
  std::size_t write_buffer_bytes = std::size_t{32} << 20U;  // Of all families together.
  SyncPolicy sync = SyncPolicy::kNone;
  rocksdb::Env* env = nullptr;  // Borrowed; null: the machine's. Tests put failing disks here.
};

// Thread-safe. Closes the database when it is destroyed; iterators and snapshots must be gone by
// then.
class RocksDatabase {
 public:
  // Opens the database in `dir` with exactly these column families, which get the positions in
  // `families` as their numbers. For writing, makes folder, database and families if needed.
  //
  // Errors, each naming the folder: kNotFound if it is opened for reading and not there;
  // kFailedPrecondition if it is open for writing already, here or in another process, or holds
  // families that are not named; kDataLoss if it is damaged; kResourceExhausted if the disk is
  // full; kUnavailable for any other I/O failure.
  static Result<std::unique_ptr<RocksDatabase>> Open(const std::filesystem::path& dir,
                                                     OpenMode mode,
                                                     std::span<const RocksFamily> families,
                                                     const RocksOptions& options = {});
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  // The value of `key`, or nothing.
  //
  // Errors: those of ToStatus, naming the folder.
  Result<std::optional<rocksdb::PinnableSlice>> Get(std::size_t family, std::string_view key) const;

  // Writes the whole batch or nothing. After a failure the database stays readable, and writing
  // works again as soon as its cause is gone, a full disk for instance.
  //
  // Errors: kFailedPrecondition if the database was opened for reading; those of ToStatus.
  Status Write(rocksdb::WriteBatch& batch);

  // kFailedPrecondition if the database was opened for reading.
  Status RequireWritable() const;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(std::size_t number) const { return handles_[number]; }
  const std::string& name() const { return name_; }  // The folder, for messages.

 private:
  RocksDatabase(std::string name, OpenMode mode, SyncPolicy sync);
  rocksdb::Status OpenDb(const rocksdb::DBOptions& options,
                         const std::vector<rocksdb::ColumnFamilyDescriptor>& families);

  std::string name_;
  OpenMode mode_;
  SyncPolicy sync_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  // The last one is RocksDB's "default".
};

inline rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace twohop
