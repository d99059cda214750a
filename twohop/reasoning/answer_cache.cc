#include "twohop/reasoning/answer_cache.h"

#include <deque>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "twohop/base/mutex.h"

namespace twohop {
namespace {

class MemoryAnswers final : public AnswerCache {
 public:
  explicit MemoryAnswers(std::size_t size) : size_(size) {}

  AnswerLookup Find(const AnswerQuestion& question, const std::stop_token& /*stop*/) override {
    MutexLock lock(mutex_);
    const auto found = known_.find(QuestionKey(question));
    if (found == known_.end()) return {};
    return {.texts = found->second, .vector = {}};
  }

  void Remember(const AnswerQuestion& question, const std::vector<std::string>& texts,
                const AnswerLookup& /*lookup*/) override {
    const std::string key = QuestionKey(question);
    MutexLock lock(mutex_);
    if (size_ == 0 || !known_.emplace(key, texts).second) return;
    by_age_.push_back(key);
    if (by_age_.size() <= size_) return;
    known_.erase(by_age_.front());
    by_age_.pop_front();
  }

 private:
  const std::size_t size_;
  Mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> known_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<std::string> by_age_ TWOHOP_GUARDED_BY(mutex_);  // Keys of known_, oldest first.
};

}  // namespace

std::string QuestionKey(const AnswerQuestion& question) {
  std::string key = question.uses_adapter ? "adapter" : "";
  key += question.hop == EdgeHop::kSearch ? "\nsearch" : "\ndemand";
  // Lengths in front, so that no field can be read as the end of another.
  for (const std::string* field : {&question.text, &question.segment, &question.hint,
                                   &question.prompt_version, &question.model}) {
    key += fmt::format("\n{} {}", field->size(), *field);
  }
  return key;
}

std::shared_ptr<AnswerCache> MakeMemoryAnswers(std::size_t size) {
  return std::make_shared<MemoryAnswers>(size);
}

}  // namespace twohop
