// An answer as handlers give it, and how errors become answers.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/serving/http_request.h"

namespace twohop {

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<HttpHeader> headers;  // Further ones; lengths and connection are the server's.

  friend bool operator==(const HttpResponse&, const HttpResponse&) = default;
};

HttpResponse JsonResponse(const Json& body, unsigned status = 200);

// {"error": {"code": "NotFound", "message": ...}} with the status of the code.
HttpResponse ErrorResponse(const Error& error);
// The same with another status, for what HTTP tells apart and our codes do not.
HttpResponse ErrorResponse(unsigned status, const Error& error);

// 400 for kInvalidArgument, 404 for kNotFound, 409 for kFailedPrecondition, 429 for
// kResourceExhausted, 499 for kCancelled, 501 for kUnimplemented, 503 for kUnavailable, 504 for
// kDeadlineExceeded, 500 for the rest.
unsigned HttpStatusOf(ErrorCode code);

}  // namespace twohop
