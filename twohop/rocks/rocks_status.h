// What a failure of RocksDB means to the caller.

#pragma once

#include <string_view>

#include <rocksdb/status.h>

#include "twohop/base/result.h"

namespace twohop {

// The one mapping from RocksDB's codes to ours: a full disk or a spent budget is
// kResourceExhausted, damaged bytes are kDataLoss, a file that is not there is kNotFound, any other
// I/O failure is kUnavailable, a misuse of the library is kInternal. The message is
// "<what>: <reason>".
Status ToStatus(const rocksdb::Status& status, std::string_view what);

// REQUIRES: !status.ok().
tl::unexpected<Error> RocksError(const rocksdb::Status& status, std::string_view what);

}  // namespace twohop
