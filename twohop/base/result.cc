#include "twohop/base/result.h"

#include <fmt/core.h>

namespace twohop {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled:
      return "Cancelled";
    case ErrorCode::kInvalidArgument:
      return "InvalidArgument";
    case ErrorCode::kNotFound:
      return "NotFound";
    case ErrorCode::kFailedPrecondition:
      return "FailedPrecondition";
    case ErrorCode::kResourceExhausted:
      return "ResourceExhausted";
    case ErrorCode::kDeadlineExceeded:
      return "DeadlineExceeded";
    case ErrorCode::kUnavailable:
      return "Unavailable";
    case ErrorCode::kDataLoss:
      return "DataLoss";
    case ErrorCode::kUnimplemented:
      return "Unimplemented";
    case ErrorCode::kInternal:
      return "Internal";
  }
  return "Unknown";
}

Error Error::WithContext(std::string_view context) const {
  return {code_, fmt::format("{}: {}", context, message_)};
}

namespace {

tl::unexpected<Error> Make(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)));
}

}  // namespace

tl::unexpected<Error> Cancelled(std::string message) {
  return Make(ErrorCode::kCancelled, std::move(message));
}
tl::unexpected<Error> InvalidArgument(std::string message) {
  return Make(ErrorCode::kInvalidArgument, std::move(message));
}
tl::unexpected<Error> NotFound(std::string message) {
  return Make(ErrorCode::kNotFound, std::move(message));
}
tl::unexpected<Error> FailedPrecondition(std::string message) {
  return Make(ErrorCode::kFailedPrecondition, std::move(message));
}
tl::unexpected<Error> ResourceExhausted(std::string message) {
  return Make(ErrorCode::kResourceExhausted, std::move(message));
}
tl::unexpected<Error> DeadlineExceeded(std::string message) {
  return Make(ErrorCode::kDeadlineExceeded, std::move(message));
}
tl::unexpected<Error> Unavailable(std::string message) {
  return Make(ErrorCode::kUnavailable, std::move(message));
}
tl::unexpected<Error> DataLoss(std::string message) {
  return Make(ErrorCode::kDataLoss, std::move(message));
}
tl::unexpected<Error> Unimplemented(std::string message) {
  return Make(ErrorCode::kUnimplemented, std::move(message));
}
tl::unexpected<Error> Internal(std::string message) {
  return Make(ErrorCode::kInternal, std::move(message));
}

}  // namespace twohop
