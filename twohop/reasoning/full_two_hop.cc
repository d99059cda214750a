#include <utility>

#include "twohop/reasoning/strategy.h"
#include "twohop/reasoning/two_hop_asker.h"

namespace twohop {
namespace {

class FullTwoHop final : public Strategy {
 public:
  FullTwoHop(const StrategyTools& tools, TwoHopAsker asker)
      : chat_(tools.chat), asker_(std::move(asker)) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    return asker_.Ask(user, {}, std::move(stop));
  }

  std::string prompt_version() const override { return asker_.prompt_version(); }
  std::string model() const override { return chat_.model(); }

 private:
  const ChatClient& chat_;
  const TwoHopAsker asker_;
};

}  // namespace

std::unique_ptr<Strategy> MakeFullTwoHop(const StrategyTools& tools, const AskOptions& ask,
                                         const GroundingOptions& grounding, bool with_examples) {
  const Prompt& prompt = tools.prompts.two_hop;
  return std::make_unique<FullTwoHop>(
      tools, TwoHopAsker(tools, with_examples ? prompt : prompt.WithoutExamples(), ask, grounding));
}

}  // namespace twohop
