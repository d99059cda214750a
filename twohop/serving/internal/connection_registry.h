// Which connections a server has.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/serving/internal/http_connection.h"

namespace twohop::serving_internal {

// The open connections of a server.
//
// Thread-safe.
class ConnectionRegistry {
 public:
  // `on_empty` is called each time the last connection leaves, on the thread on which it left.
  explicit ConnectionRegistry(std::function<void()> on_empty) : on_empty_(std::move(on_empty)) {}

  void Add(const std::shared_ptr<HttpConnection>& connection);
  void Remove(HttpConnection* connection);
  std::size_t size() const;

  void DrainAll() const;
  void CloseAll() const;

 private:
  std::vector<std::shared_ptr<HttpConnection>> Alive() const;

  std::function<void()> on_empty_;
  mutable Mutex mutex_;
  std::unordered_map<HttpConnection*, std::weak_ptr<HttpConnection>> connections_
      TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop::serving_internal
