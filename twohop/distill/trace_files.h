// The traces of a run that may be interrupted and go on later.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"
#include "twohop/base/row_log.h"
#include "twohop/distill/teacher.h"
#include "twohop/domain/ids.h"

namespace twohop {

// What a row was made with.
struct TraceOrigin {
  std::string model;
  std::string prompt_version;
  std::uint64_t seed = 0;
  std::string time;  // As FormatTime.
};

// Two files: `path` holds the traces, as ReadTraces reads them and with a "teacher" beside;
// `<path>.rejects.jsonl` the users who got none, as {"user_id", "reason", "excerpt", "faults",
// "teacher"}.
//
// Thread-compatible, and Add… may be called concurrently with anything.
class TraceFiles {
 public:
  // Reads whom the files know already. The traces themselves are not checked again.
  //
  // Errors: those of RowLog::Open; a row without "user_id" or, among the traces, without "demands"
  // is kInvalidArgument.
  static Result<TraceFiles> Open(const std::filesystem::path& path, OpenMode mode);

  static std::filesystem::path RejectsOf(const std::filesystem::path& path);

  // As of opening.
  bool HasTrace(const UserId& user) const { return traced_.contains(user); }
  std::uint64_t RejectionsOf(const UserId& user) const;

  // The answer's trace, or else its rejection.
  //
  // REQUIRES: the files were opened with kReadWrite. Errors: those of RowLog::Append.
  Status Add(const UserId& user, const TeacherAnswer& answer, const TraceOrigin& origin,
             const Taxonomy& taxonomy);

 private:
  std::unordered_set<UserId> traced_;
  std::unordered_map<UserId, std::uint64_t> rejections_;
  std::unique_ptr<RowLog> traces_;
  std::unique_ptr<RowLog> rejects_;
};

}  // namespace twohop
