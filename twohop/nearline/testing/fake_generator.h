// A generator whose answers a test decides.

#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// An answer with `count` interests, as a generator gives it: 10 tokens in, 5 out, one call.
Generation AnswerWith(std::size_t count);

// Calls the test's function for every user and remembers who was asked for.
//
// Thread-safe, if the function is.
class FakeGenerator final : public InterestGenerator {
 public:
  using Answer = std::function<Result<Generation>(const UserContext&, std::stop_token)>;

  // Gives two interests to everyone.
  FakeGenerator();

  Result<Generation> Generate(const UserContext& user, std::stop_token stop) override;

  // Not while a call is under way.
  void AnswerBy(Answer answer) { answer_ = std::move(answer); }
  void AnswerAlways(Result<Generation> answer);

  std::vector<std::string> asked() const;  // Ids of users, in the order of the calls.
  UserContext last() const;                // The context of the last call.

 private:
  Answer answer_;
  mutable Mutex mutex_;
  std::vector<UserContext> calls_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
