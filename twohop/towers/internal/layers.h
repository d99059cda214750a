// Dense layers in Eigen. Internal: no public header includes Eigen.

#pragma once

#include <string>

#include <Eigen/Core>

#include "twohop/base/embeddings.h"
#include "twohop/towers/tensor_file.h"

namespace twohop::towers_internal {

// Rows are examples, as in Embeddings.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::Matrix<float, 1, Eigen::Dynamic>;
using MatrixView = Eigen::Map<const Matrix>;

MatrixView ViewOf(EmbeddingsView rows);

// REQUIRES: `name` is there and has rank 2 or 1 respectively.
Matrix MatrixOf(const TensorMap& weights, const std::string& name);
RowVector VectorOf(const TensorMap& weights, const std::string& name);

// y = x Wᵀ + b. The weight is kept transposed, [in, out]: that is how it is walked.
struct Linear {
  Matrix weight;
  RowVector bias;

  Matrix Apply(const Eigen::Ref<const Matrix>& input) const;
};

// Reads "<name>.weight" and "<name>.bias".
Linear LinearOf(const TensorMap& weights, const std::string& name);

// The second layer of a tower: `sums` is [B, hidden + D], what the first layer gives. float32 [B,
// D], rows of L2 norm 1.
Embeddings FinishTower(const Matrix& sums, const Linear& output);

}  // namespace twohop::towers_internal
