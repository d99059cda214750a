// A file of JSON lines that only grows.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "twohop/base/json.h"
#include "twohop/base/mutex.h"
#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"

namespace twohop {

// Rows are appended whole and are on disk when Append returns. A row that a crash cut in half is
// cut off when the file is opened for writing again; nothing else is ever removed.
//
// Thread-safe. One process at a time writes.
class RowLog {
 public:
  using Visit = std::function<Status(const Json& row)>;

  // Calls `visit` with every row that is there, in order. kReadWrite makes file and folder if need
  // be and repairs the end; kReadOnly changes nothing, and takes a file that is not there for an
  // empty one.
  //
  // Errors: kInvalidArgument, as "<file>:<line>: ...", if a line is not a JSON object or `visit`
  // refuses it: then it is another kind of file, and nothing is changed; kFailedPrecondition if
  // another RowLog has it open for writing; kUnavailable if it cannot be read or made;
  // kResourceExhausted if the disk is full.
  static Result<std::unique_ptr<RowLog>> Open(const std::filesystem::path& path, OpenMode mode,
                                              const Visit& visit);

  ~RowLog();
  RowLog(const RowLog&) = delete;
  RowLog& operator=(const RowLog&) = delete;

  // REQUIRES: the log was opened with kReadWrite.
  //
  // Errors: kResourceExhausted if the disk is full; kUnavailable for any other failure. Then the
  // row is not in the file.
  Status Append(const Json& row);

 private:
  RowLog(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  Status AppendBytes(std::string_view bytes) TWOHOP_REQUIRES(mutex_);

  const std::filesystem::path path_;
  const int fd_;  // -1 with kReadOnly.
  Mutex mutex_;
};

}  // namespace twohop
