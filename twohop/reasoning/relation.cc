#include "twohop/reasoning/relation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "twohop/reasoning/demand_writer.h"

namespace twohop {

EdgeRelation RelationOf(std::string_view demand, std::string_view category_label) {
  const std::vector<std::string> said = ContentWords(demand);
  const std::vector<std::string> words = ContentWords(category_label);
  const bool shares = std::any_of(said.begin(), said.end(), [&](const std::string& word) {
    return word.size() >= 4 && std::find(words.begin(), words.end(), word) != words.end();
  });
  return shares ? EdgeRelation::kHyponym : EdgeRelation::kCoHyponym;
}

}  // namespace twohop
