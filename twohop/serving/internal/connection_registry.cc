#include "twohop/serving/internal/connection_registry.h"

namespace twohop::serving_internal {

void ConnectionRegistry::Add(const std::shared_ptr<HttpConnection>& connection) {
  MutexLock lock(mutex_);
  connections_.emplace(connection.get(), connection);
}

void ConnectionRegistry::Remove(HttpConnection* connection) {
  {
    MutexLock lock(mutex_);
    if (connections_.erase(connection) == 0 || !connections_.empty()) return;
  }
  on_empty_();
}

std::size_t ConnectionRegistry::size() const {
  MutexLock lock(mutex_);
  return connections_.size();
}

std::vector<std::shared_ptr<HttpConnection>> ConnectionRegistry::Alive() const {
  MutexLock lock(mutex_);
  std::vector<std::shared_ptr<HttpConnection>> alive;
  for (const auto& [pointer, weak] : connections_) {
    if (auto connection = weak.lock()) alive.push_back(std::move(connection));
  }
  return alive;
}

void ConnectionRegistry::DrainAll() const {
  for (const auto& connection : Alive()) connection->Drain();
}

void ConnectionRegistry::CloseAll() const {
  for (const auto& connection : Alive()) connection->Close();
}

}  // namespace twohop::serving_internal
