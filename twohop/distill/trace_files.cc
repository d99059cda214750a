#include "twohop/distill/trace_files.h"

#include "twohop/base/json.h"

namespace twohop {
namespace {

Result<UserId> UserOf(const Json& row) {
  TWOHOP_ASSIGN_OR_RETURN(std::string id, RequireString(row, "user_id"));
  return UserId(std::move(id));
}

Json OriginToJson(const TraceOrigin& origin) {
  return {{"model", origin.model},
          {"prompt", origin.prompt_version},
          {"seed", origin.seed},
          {"time", origin.time}};
}

Json FaultsToJson(const TraceFaultCounts& faults) {
  Json json = Json::object();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i] > 0) json[std::string(TraceFaultName(static_cast<TraceFault>(i)))] = faults[i];
  }
  return json;
}

}  // namespace

Result<TraceFiles> TraceFiles::Open(const std::filesystem::path& path, OpenMode mode) {
  TraceFiles files;
  TWOHOP_ASSIGN_OR_RETURN(files.traces_, RowLog::Open(path, mode, [&](const Json& row) -> Status {
                            TWOHOP_ASSIGN_OR_RETURN(UserId user, UserOf(row));
                            if (!row.contains("demands")) {
                              return InvalidArgument("the line is not a trace");
                            }
                            files.traced_.insert(std::move(user));
                            return Ok();
                          }));
  TWOHOP_ASSIGN_OR_RETURN(files.rejects_,
                          RowLog::Open(RejectsOf(path), mode, [&](const Json& row) -> Status {
                            TWOHOP_ASSIGN_OR_RETURN(UserId user, UserOf(row));
                            ++files.rejections_[std::move(user)];
                            return Ok();
                          }));
  return files;
}

std::filesystem::path TraceFiles::RejectsOf(const std::filesystem::path& path) {
  return path.string() + ".rejects.jsonl";
}

std::uint64_t TraceFiles::RejectionsOf(const UserId& user) const {
  const auto found = rejections_.find(user);
  return found == rejections_.end() ? 0 : found->second;
}

Status TraceFiles::Add(const UserId& user, const TeacherAnswer& answer, const TraceOrigin& origin,
                       const Taxonomy& taxonomy) {
  if (answer.trace) {
    Json row = TraceToJson(*answer.trace, taxonomy);
    row["teacher"] = OriginToJson(origin);
    return traces_->Append(row);
  }
  Json row = {{"user_id", user.value()},
              {"reason", TraceRejectName(answer.reject)},
              {"faults", FaultsToJson(answer.faults)},
              {"teacher", OriginToJson(origin)}};
  if (!answer.excerpt.empty()) row["excerpt"] = answer.excerpt;
  return rejects_->Append(row);
}

}  // namespace twohop
