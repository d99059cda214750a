// What is never inferred about a person.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"

namespace twohop {

// Words and phrases about medical conditions, religion, politics and sexuality. Matched on the form
// of NormalizeName, word by word: "cancer" blocks "a Cancer patient" and not "cancerous"; an entry
// that ends in "*" blocks every word that begins so. An entry with bytes outside ASCII is matched
// anywhere in the text, for scripts without blanks. Letters that only look Latin (FoldLookalikes)
// count as the Latin ones too.
//
// Immutable. Thread-safe.
class Blocklist {
 public:
  // Blocks nothing.
  Blocklist() = default;

  // One entry a line; empty lines and lines that begin with "#" do not count.
  //
  // Errors: kInvalidArgument, naming the line, if an entry has no letter or digit, or "*" stands
  // elsewhere than at its end; if the text is not valid UTF-8.
  static Result<Blocklist> Parse(std::string_view text);

  // Errors: kNotFound if there is no such file; kUnavailable if it cannot be read; those of Parse.
  static Result<Blocklist> Load(const std::filesystem::path& file);

  bool Blocks(std::string_view text) const;

  std::size_t size() const { return entries_.size(); }

 private:
  bool Matches(std::string_view text) const;

  // What is looked for in " " + NormalizeName(text) + " ".
  std::vector<std::string> entries_;
};

}  // namespace twohop
