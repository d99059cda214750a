// Characters that look like Latin letters.

#pragma once

#include <string>
#include <string_view>

namespace twohop {

// `text` with Latin letters in place of the Cyrillic, Greek, full-width and mathematical ones that
// look the same, so that a word list finds "саncer" with a Cyrillic "с". For matching only: real
// Russian or Greek becomes nonsense. Other bytes stay as they are.
std::string FoldLookalikes(std::string_view text);

}  // namespace twohop
