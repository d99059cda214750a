// Errors as values: Result<T>, Status and the macros that pass failures up.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace twohop {

// What the caller can do about a failure, not which subsystem failed.
enum class ErrorCode : std::uint8_t {
  kCancelled,           // The caller asked to stop.
  kInvalidArgument,     // The request is wrong whatever the state; do not retry.
  kNotFound,            // The named thing does not exist.
  kFailedPrecondition,  // Wrong state for this call; fix the state first.
  kResourceExhausted,   // A budget, quota or disk is spent; retry after it refills.
  kDeadlineExceeded,    // Time ran out; the work may have happened.
  kUnavailable,         // Transient; retry with backoff.
  kDataLoss,            // Stored bytes are damaged; do not retry.
  kUnimplemented,       // This build or backend cannot do it.
  kInternal,            // A bug, here or in a library; report it.
};

// The code's name without the `k`: "NotFound".
std::string_view ErrorCodeName(ErrorCode code);

// A failure: a code for the caller and a message for a person. The message names the thing that
// failed and never needs parsing.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same error with "context: " in front of its message.
  Error WithContext(std::string_view context) const;

  friend bool operator==(const Error&, const Error&) = default;

 private:
  ErrorCode code_;
  std::string message_;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline Status Ok() { return {}; }

// Each returns something that converts to any Result<T>.
tl::unexpected<Error> Cancelled(std::string message);
tl::unexpected<Error> InvalidArgument(std::string message);
tl::unexpected<Error> NotFound(std::string message);
tl::unexpected<Error> FailedPrecondition(std::string message);
tl::unexpected<Error> ResourceExhausted(std::string message);
tl::unexpected<Error> DeadlineExceeded(std::string message);
tl::unexpected<Error> Unavailable(std::string message);
tl::unexpected<Error> DataLoss(std::string message);
tl::unexpected<Error> Unimplemented(std::string message);
tl::unexpected<Error> Internal(std::string message);

// Passes the error of a failed result up, with `context` in front.
template <typename T>
tl::unexpected<Error> Annotate(const Result<T>& failed, std::string_view context) {
  return tl::unexpected<Error>(failed.error().WithContext(context));
}

}  // namespace twohop

#define TWOHOP_CONCAT_INNER(a, b) a##b
#define TWOHOP_CONCAT(a, b) TWOHOP_CONCAT_INNER(a, b)

// Evaluates `expr` (a Status or Result) and returns its error from the enclosing function.
#define TWOHOP_RETURN_IF_ERROR(expr)                                 \
  do {                                                               \
    if (auto twohop_status = (expr); !twohop_status.has_value()) {   \
      return tl::unexpected<::twohop::Error>(twohop_status.error()); \
    }                                                                \
  } while (false)

// Evaluates `expr` (a Result<T>), returns its error, or moves its value into `declaration`.
#define TWOHOP_ASSIGN_OR_RETURN(declaration, expr) \
  TWOHOP_ASSIGN_OR_RETURN_INNER(TWOHOP_CONCAT(twohop_result_, __LINE__), declaration, expr)
#define TWOHOP_ASSIGN_OR_RETURN_INNER(result, declaration, expr)       \
  auto result = (expr);                                                \
  if (!result.has_value()) {                                           \
    return tl::unexpected<::twohop::Error>(std::move(result).error()); \
  }                                                                    \
  declaration = *std::move(result)
