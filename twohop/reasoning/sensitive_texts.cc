#include "twohop/reasoning/sensitive_texts.h"

#include <utility>
#include <vector>

#include "twohop/reasoning/grounding.h"

namespace twohop {

SensitiveTexts::SensitiveTexts(std::shared_ptr<const SensitiveDemands> guard,
                               const DemandGraph* edges, EmbeddingClient& embedder,
                               const CategorySpace& space)
    : guard_(std::move(guard)), embedder_(embedder), space_(space) {
  if (guard_ == nullptr || edges == nullptr) return;
  for (std::uint32_t i = 0; i < edges->size(); ++i) {
    judged_.insert(edges->text(i));
    if (guard_->IsSensitive(edges->vector(i))) sensitive_.insert(edges->text(i));
  }
}

Result<std::unordered_set<std::string>> SensitiveTexts::FindIn(
    const std::unordered_set<std::string>& texts, std::stop_token stop) const {
  std::unordered_set<std::string> found;
  if (guard_ == nullptr) return found;
  std::vector<std::string> unknown;
  for (const std::string& text : texts) {
    if (sensitive_.contains(text)) found.insert(text);
    if (!judged_.contains(text)) unknown.push_back(text);
  }
  if (unknown.empty()) return found;
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings rows,
                          EmbedForSpace(unknown, space_, embedder_, std::move(stop)));
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (guard_->IsSensitive(rows.row(i))) found.insert(unknown[i]);
  }
  return found;
}

}  // namespace twohop
