// Texts that say nearly the same.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace twohop {

// Remembers texts by their word 3-grams (of NormalizeName; a shorter text is one gram), and finds
// among them one whose Jaccard similarity with a new text reaches the threshold. Exact, no sketch:
// two such sets share a gram among the few first ones in any fixed order (prefix filtering,
// Chaudhuri et al. 2006), so only those are looked up.
//
// Not thread-safe.
class NearDuplicates {
 public:
  // REQUIRES: threshold in (0, 1].
  explicit NearDuplicates(double threshold) : threshold_(threshold) {}

  // Remembers `text` unless something near to it is remembered already; returns whether it was. A
  // text of the same `group` is near only if it is equal in the form of NormalizeName.
  bool AddUnlessNear(std::string_view text, std::uint64_t group);

 private:
  struct Entry {
    std::vector<std::uint64_t> grams;  // Ascending, distinct.
    std::uint64_t text = 0;            // Hash of the normal form.
    std::uint64_t group = 0;
  };

  bool IsNear(const Entry& a, const Entry& b) const;
  std::size_t PrefixLength(const Entry& entry) const;

  double threshold_;
  std::vector<Entry> entries_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_gram_;  // Prefixes only.
};

}  // namespace twohop
