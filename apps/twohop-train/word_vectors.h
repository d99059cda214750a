// Text vectors of categories without a language model.

#pragma once

#include <cstddef>
#include <string>

#include "twohop/base/embeddings.h"
#include "twohop/domain/taxonomy.h"

namespace twohop::app {

inline constexpr const char* kWordEncoder = "hashed-words";

// float32 [C, dim], every row of L2 norm 1: the words of each category's path, every word a vector
// that its hash decides, the finest level weighing most. For benchmarks, which need no model then:
// categories that share words are similar, and no more is known of their meaning.
Embeddings CategoryWordVectors(const Taxonomy& taxonomy, std::size_t dim);

}  // namespace twohop::app
