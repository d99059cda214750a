#include "twohop/towers/internal/layers.h"

#include "twohop/base/check.h"

namespace twohop::towers_internal {
namespace {

const Tensor& TensorOf(const TensorMap& weights, const std::string& name, std::size_t rank) {
  const auto found = weights.find(name);
  TWOHOP_CHECK(found != weights.end() && found->second.shape.size() == rank);
  return found->second;
}

Eigen::Index Signed(std::size_t size) { return static_cast<Eigen::Index>(size); }

}  // namespace

MatrixView ViewOf(EmbeddingsView rows) {
  return {rows.data().data(), Signed(rows.rows()), Signed(rows.dim())};
}

Matrix MatrixOf(const TensorMap& weights, const std::string& name) {
  const Tensor& tensor = TensorOf(weights, name, 2);
  return MatrixView(tensor.data.data(), Signed(tensor.shape[0]), Signed(tensor.shape[1]));
}

RowVector VectorOf(const TensorMap& weights, const std::string& name) {
  const Tensor& tensor = TensorOf(weights, name, 1);
  return Eigen::Map<const RowVector>(tensor.data.data(), Signed(tensor.shape[0]));
}

Linear LinearOf(const TensorMap& weights, const std::string& name) {
  return {MatrixOf(weights, name + ".weight").transpose(), VectorOf(weights, name + ".bias")};
}

Matrix Linear::Apply(const Eigen::Ref<const Matrix>& input) const {
  Matrix output(input.rows(), weight.cols());
  output.noalias() = input * weight;
  output.rowwise() += bias;
  return output;
}

Embeddings FinishTower(const Matrix& sums, const Linear& output) {
  const Eigen::Index hidden = output.weight.rows();
  const Matrix rectified = sums.leftCols(hidden).cwiseMax(0.0F);
  const Matrix rows = output.Apply(rectified) + sums.rightCols(sums.cols() - hidden);
  Embeddings normalized(static_cast<std::size_t>(rows.rows()),
                        static_cast<std::size_t>(rows.cols()));
  for (std::size_t i = 0; i < normalized.rows(); ++i) {
    const std::span<float> row = normalized.mutable_row(i);
    Eigen::Map<RowVector>(row.data(), rows.cols()) = rows.row(Signed(i));
    NormalizeL2(row);
  }
  return normalized;
}

}  // namespace twohop::towers_internal
