// How our databases are tuned; for twohop/rocks alone.

#pragma once

#include <span>
#include <vector>

#include <rocksdb/options.h>

#include "twohop/rocks/rocks_database.h"

namespace twohop::rocks_internal {

rocksdb::DBOptions TunedDbOptions(OpenMode mode, const RocksOptions& options);

// One descriptor per family, in order, with one block cache between them; RocksDB's own "default"
// comes last.
std::vector<rocksdb::ColumnFamilyDescriptor> TunedFamilies(std::span<const RocksFamily> families,
                                                           const RocksOptions& options);

}  // namespace twohop::rocks_internal
