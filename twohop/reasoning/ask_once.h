// The same question at the same time: asked once.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/answer_cache.h"

namespace twohop {

// What one question came to.
struct WrittenList {
  std::vector<std::string> texts;  // Each once; empty: no attempt gave a list.
  std::uint64_t bad_replies = 0;
  TokenUsage usage;  // Of this caller; zero if the answer was known.
};

// Stands between those who ask and a model: what `answers` knows is not asked again, and while one
// thread asks, others with the same question wait for its answer instead of asking too.
//
// Thread-safe.
class AskOnce {
 public:
  explicit AskOnce(std::shared_ptr<AnswerCache> answers) : answers_(std::move(answers)) {}

  // The known answer, or what `ask` returns, which is then remembered. If another thread's `ask`
  // for the same question fails, the next waiting one asks itself.
  //
  // Errors: those of `ask`, which are not remembered; kCancelled if a stop is requested while
  // waiting.
  Result<WrittenList> Get(const AnswerQuestion& question,
                          const std::function<Result<WrittenList>()>& ask,
                          const std::stop_token& stop);

 private:
  Status Begin(const std::string& key, const std::stop_token& stop);
  void End(const std::string& key);

  const std::shared_ptr<AnswerCache> answers_;
  Mutex mutex_;
  CondVar ended_;
  std::unordered_set<std::string> under_way_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
