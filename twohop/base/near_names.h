// What somebody may have meant who typed a name that does not exist.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace twohop {

// Keeps the names nearest to `typed` of those that are offered one by one, so that they need not be
// in memory together. Names are compared in the form of NormalizeName, by edit distance over their
// first 64 bytes; one that contains the other counts as near. What is farther than a third of the
// typed name is not near at all.
//
// Not thread-safe: an object belongs to one thread.
class NearNames {
 public:
  explicit NearNames(std::string_view typed, std::size_t max_count = 3);

  // Takes O(64 * 64).
  void Offer(std::string_view name);

  // At most max_count, nearest first, ties in the order in which they were offered; each once.
  std::vector<std::string> Best() const;

 private:
  struct Near {
    std::string name;
    std::size_t distance = 0;
  };

  std::string typed_;  // In normal form.
  std::size_t max_count_;
  std::vector<Near> best_;  // Nearest first.
};

// `; near it: "a", "b"`, to end a message with; empty if `names` is.
std::string NearNamesInWords(const std::vector<std::string>& names);

}  // namespace twohop
