#include "apps/twohop-train/word_vectors.h"

#include <cstdint>
#include <span>
#include <sstream>

#include "twohop/base/hash.h"
#include "twohop/base/rng.h"
#include "twohop/base/text.h"

namespace twohop::app {
namespace {

void AddWords(const std::string& name, float weight, std::span<float> vector) {
  std::istringstream words(NormalizeName(name));
  for (std::string word; words >> word;) {
    Rng rng(Hash64(word));
    for (float& component : vector) component += weight * static_cast<float>(rng.Normal());
  }
}

}  // namespace

Embeddings CategoryWordVectors(const Taxonomy& taxonomy, std::size_t dim) {
  Embeddings vectors(taxonomy.size(), dim);
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    const Category& category = taxonomy.at(CategoryIndex(i));
    const std::span<float> vector = vectors.mutable_row(i);
    AddWords(category.level1, 0.5F, vector);
    AddWords(category.level2, 0.7F, vector);
    AddWords(category.level3, 1.0F, vector);
    NormalizeL2(vector);
  }
  return vectors;
}

}  // namespace twohop::app
