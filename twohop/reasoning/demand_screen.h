// What no demand says: a second look at texts that a model wrote and that people will read.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace twohop {

// A demand is a goal in a few plain words. A text that is none is what an attack in a search makes
// a model write: an address to visit, markup for a page, words of its prompt, talk about itself.
//
// Immutable. Thread-safe.
class DemandScreen {
 public:
  // Knows no prompt.
  DemandScreen() = default;

  // `instructions` are texts of prompts that no demand may repeat: five words of one in a row.
  explicit DemandScreen(std::span<const std::string> instructions);

  // True if `text` holds a web or mail address, markup or code, instructions to a model or a
  // model's talk about itself (in English), five words in a row of the instructions, or more than
  // 16 words. Linear in the text.
  bool Refuses(std::string_view text) const;

  // True if `text` has five words in a row of the instructions.
  bool RepeatsInstructions(std::string_view text) const;

 private:
  std::unordered_set<std::string> runs_;  // Of five words each, in the form of NormalizeName.
};

}  // namespace twohop
