#include "twohop/rocks/rocks_status.h"

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {
namespace {

ErrorCode CodeOf(const rocksdb::Status& status) {
  // A full disk is told apart first: it comes as IOError, and as Aborted where a quota is ours.
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::SubCode::kSpaceLimit ||
      status.IsMemoryLimit()) {
    return ErrorCode::kResourceExhausted;
  }
  if (status.IsPathNotFound()) return ErrorCode::kNotFound;
  switch (status.code()) {
    case rocksdb::Status::Code::kNotFound:
      return ErrorCode::kNotFound;
    case rocksdb::Status::Code::kCorruption:
      return ErrorCode::kDataLoss;
    case rocksdb::Status::Code::kNotSupported:
      return ErrorCode::kUnimplemented;
    case rocksdb::Status::Code::kTimedOut:
      return ErrorCode::kDeadlineExceeded;
    case rocksdb::Status::Code::kShutdownInProgress:
      return ErrorCode::kCancelled;
    case rocksdb::Status::Code::kIOError:
    case rocksdb::Status::Code::kIncomplete:
    case rocksdb::Status::Code::kAborted:
    case rocksdb::Status::Code::kBusy:
    case rocksdb::Status::Code::kTryAgain:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return Ok();
  return RocksError(status, what);
}

tl::unexpected<Error> RocksError(const rocksdb::Status& status, std::string_view what) {
  TWOHOP_DCHECK(!status.ok());
  return tl::unexpected<Error>(
      Error(CodeOf(status), fmt::format("{}: {}", what, status.ToString())));
}

}  // namespace twohop
