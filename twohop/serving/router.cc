#include "twohop/serving/router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::string_view kRequestIdHeader = "X-Request-Id";
constexpr std::size_t kMaxRequestIdBytes = 128;

bool IsParam(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

// The parameters if the path has the form of the pattern. A segment that does not decode is no
// segment of ours.
std::optional<PathParams> MatchSegments(const std::vector<std::string>& pattern,
                                        const std::vector<std::string_view>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  PathParams params;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    auto decoded = DecodePercent(path[i]);
    if (!decoded) return std::nullopt;
    if (!IsParam(pattern[i])) {
      if (*decoded != pattern[i]) return std::nullopt;
      continue;
    }
    if (decoded->empty()) return std::nullopt;
    params.Add(pattern[i].substr(1, pattern[i].size() - 2), *std::move(decoded));
  }
  return params;
}

bool IsUsableId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

void PathParams::Add(std::string name, std::string value) {
  values_.emplace_back(std::move(name), std::move(value));
}

const std::string& PathParams::at(std::string_view name) const {
  const auto found = std::find_if(values_.begin(), values_.end(),
                                  [&](const auto& value) { return value.first == name; });
  TWOHOP_CHECK(found != values_.end());
  return found->second;
}

Router::Router(const Clock& clock, std::uint64_t id_seed, RouteObserver observer)
    : clock_(clock), id_seed_(id_seed), observer_(std::move(observer)) {}

void Router::Add(std::string_view method, std::string_view pattern, RouteHandler handler) {
  TWOHOP_CHECK(pattern.starts_with('/'));
  Entry entry{.method = std::string(method),
              .pattern = std::string(pattern),
              .segments = {},
              .handler = std::move(handler)};
  for (const std::string_view segment : Split(pattern, '/')) entry.segments.emplace_back(segment);
  for (const Entry& other : routes_) {
    TWOHOP_CHECK(other.method != entry.method || other.pattern != entry.pattern);
  }
  routes_.push_back(std::move(entry));
}

Router::Match Router::Find(const HttpRequest& request) const {
  const std::string_view sent = request.method;
  const std::string_view method = sent == "HEAD" ? "GET" : sent;
  const std::vector<std::string_view> path = Split(request.path(), '/');
  Match match;
  for (const Entry& entry : routes_) {
    auto params = MatchSegments(entry.segments, path);
    if (!params) continue;
    if (entry.method == method) {
      match.entry = &entry;
      match.params = *std::move(params);
      return match;
    }
    match.allowed += (match.allowed.empty() ? "" : ", ") + entry.method;
  }
  return match;
}

HttpResponse Router::Answer(const HttpRequest& request, const Match& match) const {
  if (match.entry != nullptr) return match.entry->handler(request, match.params);
  if (match.allowed.empty()) {
    return ErrorResponse(
        NotFound(fmt::format("no such path: {}", Ellipsize(request.path(), 200))).value());
  }
  HttpResponse response =
      ErrorResponse(405, InvalidArgument(fmt::format("{} is not allowed here, but {} is",
                                                     Ellipsize(request.method, 20), match.allowed))
                             .value());
  response.headers.push_back({.name = "Allow", .value = match.allowed});
  return response;
}

std::string Router::RequestId(const HttpRequest& request) const {
  if (const auto id = request.FindHeader(kRequestIdHeader); id && IsUsableId(*id)) {
    return std::string(*id);
  }
  return Hasher().Add(id_seed_).Add(next_id_.fetch_add(1, std::memory_order_relaxed)).hex();
}

HttpResponse Router::Route(const HttpRequest& request) const {
  const Stopwatch watch(clock_);
  const Match match = Find(request);
  HttpResponse response = Answer(request, match);
  response.headers.push_back({.name = std::string(kRequestIdHeader), .value = RequestId(request)});
  if (observer_) {
    const std::string none = "none";
    observer_(match.entry == nullptr ? none : match.entry->pattern, response.status,
              watch.elapsed());
  }
  return response;
}

}  // namespace twohop
