#include "twohop/reasoning/ask_once.h"

#include <utility>

namespace twohop {

Status AskOnce::Begin(const std::string& key, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  if (!ended_.Wait(mutex_, stop, [&] { return !under_way_.contains(key); })) {
    return Cancelled("stopped while the same question was being asked");
  }
  under_way_.insert(key);
  return Ok();
}

void AskOnce::End(const std::string& key) {
  MutexLock lock(mutex_);
  under_way_.erase(key);
  ended_.NotifyAll();
}

Result<WrittenList> AskOnce::Get(const AnswerQuestion& question,
                                 const std::function<Result<WrittenList>()>& ask,
                                 const std::stop_token& stop) {
  const std::string key = QuestionKey(question);
  TWOHOP_RETURN_IF_ERROR(Begin(key, stop));
  AnswerLookup lookup = answers_->Find(question, stop);
  Result<WrittenList> list = WrittenList{};
  if (lookup.texts.has_value()) {
    list->texts = *std::move(lookup.texts);
  } else {
    list = ask();
    if (list.has_value()) answers_->Remember(question, list->texts, lookup);
  }
  End(key);
  return list;
}

}  // namespace twohop
