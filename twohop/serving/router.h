// From a request to the handler of its route.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/serving/http_request.h"
#include "twohop/serving/http_response.h"

namespace twohop {

// What the "{name}" segments of a route's pattern stand for in one request, decoded.
class PathParams {
 public:
  void Add(std::string name, std::string value);

  // REQUIRES: the route's pattern has this name.
  const std::string& at(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

using RouteHandler = std::function<HttpResponse(const HttpRequest&, const PathParams&)>;

// Told of every request after it was answered. `route` is the pattern, or "none" if no route has
// the path, so that labels made of it are few.
using RouteObserver =
    std::function<void(std::string_view route, unsigned status, std::chrono::nanoseconds took)>;

// Finds the handler by method and path. Unknown paths are answered with 404, known ones under
// another method with 405 and "Allow"; HEAD is answered as GET. Every answer carries the request's
// "X-Request-Id", or a new one if it has none of at most 128 visible ASCII characters.
//
// Add() first, then Route() from any thread. `clock` must outlive the router.
class Router {
 public:
  // Generated request ids depend on `id_seed` and count up: give each start another one.
  Router(const Clock& clock, std::uint64_t id_seed, RouteObserver observer = {});

  // `pattern` is "/v1/users/{id}": a "{name}" stands for one segment that is not empty.
  // REQUIRES: it starts with '/', and no other route has the same method and pattern.
  void Add(std::string_view method, std::string_view pattern, RouteHandler handler);

  HttpResponse Route(const HttpRequest& request) const;

 private:
  struct Entry {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    RouteHandler handler;
  };
  // What was found for a request.
  struct Match {
    const Entry* entry = nullptr;
    PathParams params;
    std::string allowed;  // Methods of other routes with this path: "GET, POST".
  };

  Match Find(const HttpRequest& request) const;
  HttpResponse Answer(const HttpRequest& request, const Match& match) const;
  std::string RequestId(const HttpRequest& request) const;

  const Clock& clock_;
  std::uint64_t id_seed_;
  RouteObserver observer_;
  std::vector<Entry> routes_;
  mutable std::atomic<std::uint64_t> next_id_ = 0;
};

}  // namespace twohop
