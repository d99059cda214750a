#include "twohop/reasoning/remembering_embedder.h"

#include <unordered_set>
#include <utility>

namespace twohop {

Result<Embeddings> RememberingEmbedder::Embed(std::span<const std::string> texts,
                                              std::stop_token stop) {
  std::vector<std::string> unknown;
  Known known = Recall(texts, unknown);
  if (!unknown.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(Embeddings rows, inner_.Embed(unknown, std::move(stop)));
    if (rows.rows() != unknown.size()) return rows;  // For the caller to refuse.
    Remember(unknown, rows);
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      known[unknown[i]].assign(rows.row(i).begin(), rows.row(i).end());
    }
  }
  Embeddings all;
  for (const std::string& text : texts) all.Append(known[text]);
  return all;
}

RememberingEmbedder::Known RememberingEmbedder::Recall(std::span<const std::string> texts,
                                                       std::vector<std::string>& unknown) const {
  Known found;
  std::unordered_set<std::string> asked;
  MutexLock lock(mutex_);
  for (const std::string& text : texts) {
    if (const auto known = known_.find(text); known != known_.end()) {
      found.emplace(text, known->second);
    } else if (asked.insert(text).second) {
      unknown.push_back(text);
    }
  }
  return found;
}

void RememberingEmbedder::Remember(std::span<const std::string> texts, const Embeddings& rows) {
  MutexLock lock(mutex_);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::span<const float> row = rows.row(i);
    if (!known_.emplace(texts[i], std::vector<float>(row.begin(), row.end())).second) continue;
    by_age_.push_back(texts[i]);
    if (by_age_.size() <= capacity_) continue;
    known_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

}  // namespace twohop
