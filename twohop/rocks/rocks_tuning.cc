#include "twohop/rocks/rocks_tuning.h"

#include <memory>
#include <string>

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

namespace twohop::rocks_internal {
namespace {

constexpr double kBloomBitsPerKey = 10.0;  // 1 % false positives.
constexpr std::size_t kInOrderBlockBytes = std::size_t{32} << 10U;

// Leaves recovery from I/O failures to RocksDatabase::Write: RocksDB's own tries again only every
// few seconds, and meanwhile refuses to be asked.
class NoAutomaticRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*error*/,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

rocksdb::BlockBasedTableOptions TableOptions(RocksAccess access,
                                             const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  // Filters and indexes count against the cache, so that memory stays bounded as the data grows.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (access == RocksAccess::kInOrder) {
    table.block_size = kInOrderBlockBytes;
    return table;
  }
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  return table;
}

rocksdb::ColumnFamilyOptions FamilyOptions(RocksAccess access, const RocksOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(access, cache)));
  family.compression = rocksdb::kLZ4Compression;
  family.write_buffer_size = options.write_buffer_bytes / 2;
  if (access == RocksAccess::kByKey) {
    // Most lookups are for keys that were never written: they end at the filter, in memory too.
    family.memtable_prefix_bloom_size_ratio = 0.1;
    family.memtable_whole_key_filtering = true;
  }
  return family;
}

}  // namespace

rocksdb::DBOptions TunedDbOptions(OpenMode mode, const RocksOptions& options) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = mode == OpenMode::kReadWrite;
  db.create_missing_column_families = mode == OpenMode::kReadWrite;
  // A record torn by a crash at the end of the write-ahead log was never acknowledged and is cut
  // off; damage before that is reported. RocksDB's own default would drop what follows in silence.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.listeners.push_back(std::make_shared<NoAutomaticRecovery>());
  db.db_write_buffer_size = options.write_buffer_bytes;
  db.max_background_jobs = 2;
  // All files stay open: a reader keeps what another process's compaction deletes.
  db.max_open_files = -1;
  db.max_file_opening_threads = 1;
  db.allow_concurrent_memtable_write = false;  // One writer; inserts in order are faster so.
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = 2;
  db.max_log_file_size = std::size_t{1} << 20U;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> TunedFamilies(std::span<const RocksFamily> families,
                                                           const RocksOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const RocksFamily& family : families) {
    descriptors.emplace_back(std::string(family.name),
                             FamilyOptions(family.access, options, cache));
  }
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName,
                           FamilyOptions(RocksAccess::kInOrder, options, cache));
  return descriptors;
}

}  // namespace twohop::rocks_internal
