#include "twohop/towers/internal/history_pooling.h"

namespace twohop::towers_internal {

HistoryPooling::HistoryPooling(const Model& model) {
  if (model.description.dims.history_heads == 0) return;
  queries_ = MatrixOf(model.weights, "history.query");
  recency_ = MatrixOf(model.weights, "history.recency");
}

RowVector HistoryPooling::Pool(const ItemInputs& inputs, std::span<const ItemIndex> history) const {
  if (queries_.rows() == 0) return inputs.Mean(history);
  RowVector pooled = RowVector::Zero(queries_.size());
  if (history.empty()) return pooled;
  const Matrix rows = inputs.Rows(history);
  const Matrix scores = queries_ * rows.transpose() + recency_.leftCols(rows.rows());
  for (Eigen::Index head = 0; head < queries_.rows(); ++head) {
    RowVector weights = (scores.row(head).array() - scores.row(head).maxCoeff()).exp();
    weights /= weights.sum();
    pooled.segment(head * rows.cols(), rows.cols()) = weights * rows;
  }
  return pooled;
}

}  // namespace twohop::towers_internal
