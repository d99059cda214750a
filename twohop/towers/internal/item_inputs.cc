#include "twohop/towers/internal/item_inputs.h"

namespace twohop::towers_internal {
namespace {

Eigen::Index Signed(std::size_t size) { return static_cast<Eigen::Index>(size); }

}  // namespace

ItemInputs::ItemInputs(const Model& model, const Catalog& catalog, EmbeddingsView category_vectors)
    : features_(catalog, model.description.vocabulary) {
  FillCategories(model, category_vectors);
  FillDetails(model);
}

void ItemInputs::FillCategories(const Model& model, EmbeddingsView category_vectors) {
  const Matrix level1 = MatrixOf(model.weights, "level1.table");
  const Matrix level2 = MatrixOf(model.weights, "level2.table");
  const Matrix level3 = MatrixOf(model.weights, "level3.table");
  const Matrix projection = MatrixOf(model.weights, "item_text.weight");
  const Matrix text = ViewOf(category_vectors) * projection.transpose();
  const TowerDims& dims = model.description.dims;
  categories_.resize(Signed(features_.categories().size()), Signed(dims.category_input()));
  for (std::size_t i = 0; i < features_.categories().size(); ++i) {
    const CategoryRows& rows = features_.categories()[i];
    categories_.row(Signed(i)) << level1.row(rows.level1), level2.row(rows.level2),
        level3.row(rows.level3), text.row(Signed(i));
  }
}

void ItemInputs::FillDetails(const Model& model) {
  const Matrix brands = MatrixOf(model.weights, "brand.table");
  const Matrix tags = MatrixOf(model.weights, "tag.table");
  const bool has_ids = model.description.dims.item_id > 0;
  const Matrix ids = has_ids ? MatrixOf(model.weights, "item_id.table") : Matrix();
  details_.resize(Signed(features_.items()), brands.cols() + tags.cols() + ids.cols());
  RowVector tag_sum(tags.cols());
  for (std::size_t i = 0; i < features_.items(); ++i) {
    const std::span<const std::uint32_t> rows = features_.tags_of(i);
    tag_sum.setZero();
    for (const std::uint32_t row : rows) tag_sum += tags.row(row);
    auto details = details_.row(Signed(i));
    details.head(brands.cols()) = brands.row(features_.brand_of(i));
    details.segment(brands.cols(), tags.cols()) = tag_sum / static_cast<float>(rows.size());
    if (has_ids) details.tail(ids.cols()) = ids.row(features_.row_of(i));
  }
}

Matrix ItemInputs::Rows(std::size_t first, std::size_t last) const {
  Matrix rows(Signed(last - first), categories_.cols() + details_.cols());
  for (std::size_t i = first; i < last; ++i) {
    rows.row(Signed(i - first)) << categories_.row(features_.category_of(i)),
        details_.row(Signed(i));
  }
  return rows;
}

Matrix ItemInputs::Rows(std::span<const ItemIndex> items) const {
  Matrix rows(Signed(items.size()), categories_.cols() + details_.cols());
  for (std::size_t i = 0; i < items.size(); ++i) {
    rows.row(Signed(i)) << categories_.row(features_.category_of(items[i].value())),
        details_.row(items[i].value());
  }
  return rows;
}

RowVector ItemInputs::Mean(std::span<const ItemIndex> items) const {
  RowVector sum = RowVector::Zero(categories_.cols() + details_.cols());
  for (const ItemIndex item : items) {
    sum.head(categories_.cols()) += categories_.row(features_.category_of(item.value()));
    sum.tail(details_.cols()) += details_.row(item.value());
  }
  if (!items.empty()) sum /= static_cast<float>(items.size());
  return sum;
}

}  // namespace twohop::towers_internal
