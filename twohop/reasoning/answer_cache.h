// Answers of a model that hold for more than the user they were asked for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/domain/ids.h"
#include "twohop/reasoning/edge_record.h"

namespace twohop {

// A question whose answer depends on nothing else than these fields.
struct AnswerQuestion {
  EdgeHop hop = EdgeHop::kSearch;
  std::string text{};            // The search or the demand, in the form of NormalizeName.
  std::string segment{};         // kAnySegment unless the prompt speaks of the user.
  std::string hint{};            // What else the prompt says; for a search, its category's label.
  std::string prompt_version{};  // Prompt::version().
  std::string model{};           // ChatClient::model().
  bool uses_adapter = false;     // ChatRequest::use_adapter.
  UserId asker{};                // Not a part of the question: who asks this time.
};

// One line per field without the asker; equal for equal questions alone.
std::string QuestionKey(const AnswerQuestion& question);

// What looking for an answer came to.
struct AnswerLookup {
  // The texts of the answer, of which there may be none; nothing: the question is new.
  std::optional<std::vector<std::string>> texts;
  // The question's text vector, if it was needed; Remember takes it along.
  std::vector<float> vector;
};

// What strategies remember. It never fails: an answer that cannot be read is asked for again, and
// one that cannot be written is lost; implementations count both.
//
// Implementations are thread-safe.
class AnswerCache {
 public:
  virtual ~AnswerCache() = default;

  // May block on a disk or an embedding server, not on a language model.
  virtual AnswerLookup Find(const AnswerQuestion& question, const std::stop_token& stop) = 0;

  // Keeps a model's answer. `lookup` is what Find returned before it was asked.
  virtual void Remember(const AnswerQuestion& question, const std::vector<std::string>& texts,
                        const AnswerLookup& lookup) = 0;
};

// Remembers the answers to the last `size` different questions of this process; 0: none.
std::shared_ptr<AnswerCache> MakeMemoryAnswers(std::size_t size);

}  // namespace twohop
