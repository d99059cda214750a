// Small catalogues, text vectors and models for tests of whatever uses a TwoTower.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "twohop/base/embeddings.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/model_file.h"

namespace twohop {

// `level1` × 2 × 2 level-3 categories named "L1.0", "L1.0-2.1", ..., ids "c0", "c1", ...
std::shared_ptr<const Taxonomy> MakeGridTaxonomy(std::size_t level1);

// Items "i0", "i1", ... dealt out to the categories in turn, with brands and tags drawn by chance.
std::shared_ptr<const Catalog> MakeGridCatalog(std::size_t level1, std::size_t items,
                                               std::uint64_t seed = 1);

// float32 [rows, dim], normal components, rows of L2 norm 1.
Embeddings MakeRandomVectors(std::size_t rows, std::size_t dim, std::uint64_t seed = 1);

inline constexpr const char* kTestEncoder = "test-encoder";

// A model of this shape with random weights, which knows the taxonomy, the items "i0" to "i99" if
// dims.item_id is above 0, ages "18-24" and "25-34", and genders "female" and "male". Its text
// encoder is kTestEncoder.
Model MakeRandomModel(const Taxonomy& taxonomy, const TowerDims& dims, std::uint64_t seed = 1);

}  // namespace twohop
