#include "twohop/serving/http_response.h"

namespace twohop {

HttpResponse JsonResponse(const Json& body, unsigned status) {
  return {.status = status, .body = DumpJson(body)};
}

HttpResponse ErrorResponse(const Error& error) {
  return ErrorResponse(HttpStatusOf(error.code()), error);
}

HttpResponse ErrorResponse(unsigned status, const Error& error) {
  HttpResponse response = JsonResponse(
      {{"error", {{"code", ErrorCodeName(error.code())}, {"message", error.message()}}}}, status);
  const bool passes = status == 429 || status == 503;
  if (passes) response.headers.push_back({.name = "Retry-After", .value = "1"});
  return response;
}

unsigned HttpStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kFailedPrecondition:
      return 409;
    case ErrorCode::kResourceExhausted:
      return 429;
    case ErrorCode::kCancelled:
      return 499;
    case ErrorCode::kUnimplemented:
      return 501;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kDeadlineExceeded:
      return 504;
    case ErrorCode::kDataLoss:
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

}  // namespace twohop
