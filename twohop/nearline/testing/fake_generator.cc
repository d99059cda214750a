#include "twohop/nearline/testing/fake_generator.h"

#include <utility>

#include <fmt/format.h>

namespace twohop {

Generation AnswerWith(std::size_t count) {
  Generation generation;
  for (std::size_t i = 0; i < count; ++i) {
    LatentInterest interest;
    interest.category_id = fmt::format("c{}", i);
    interest.level1 = fmt::format("Level {}", i);
    interest.demand = "sleeping outdoors";
    interest.embedding = {1.0F, 0.0F};
    generation.interests.interests.push_back(std::move(interest));
  }
  generation.usage = {.prompt_tokens = 10, .completion_tokens = 5, .calls = 1};
  return generation;
}

FakeGenerator::FakeGenerator() { AnswerAlways(AnswerWith(2)); }

Result<Generation> FakeGenerator::Generate(const UserContext& user, std::stop_token stop) {
  {
    MutexLock lock(mutex_);
    calls_.push_back(user);
  }
  return answer_(user, stop);
}

void FakeGenerator::AnswerAlways(Result<Generation> answer) {
  answer_ = [answer = std::move(answer)](const UserContext&, std::stop_token) { return answer; };
}

std::vector<std::string> FakeGenerator::asked() const {
  MutexLock lock(mutex_);
  std::vector<std::string> users;
  for (const UserContext& call : calls_) users.push_back(call.profile.id.value());
  return users;
}

UserContext FakeGenerator::last() const {
  MutexLock lock(mutex_);
  return calls_.empty() ? UserContext{} : calls_.back();
}

}  // namespace twohop
