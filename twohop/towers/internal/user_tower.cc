#include "twohop/towers/internal/user_tower.h"

namespace twohop::towers_internal {
namespace {

Eigen::Index Signed(std::size_t size) { return static_cast<Eigen::Index>(size); }

}  // namespace

UserTower::UserTower(const Model& model)
    : age_groups_(model.description.vocabulary.age_groups),
      genders_(model.description.vocabulary.genders),
      condition_projection_(MatrixOf(model.weights, "condition.weight").transpose()),
      output_(LinearOf(model.weights, "user.output")) {
  const TowerDims& dims = model.description.dims;
  const Linear hidden = LinearOf(model.weights, "user.hidden");
  Eigen::Index from = 0;
  const auto next_part = [&](std::size_t width) -> Matrix {
    from += Signed(width);
    return hidden.weight.middleRows(from - Signed(width), Signed(width));
  };
  age_group_parts_ = MatrixOf(model.weights, "age_group.table") * next_part(dims.age_group);
  age_group_parts_.rowwise() += hidden.bias;
  gender_parts_ = MatrixOf(model.weights, "gender.table") * next_part(dims.gender);
  history_weight_ = next_part(dims.history_input());
  condition_weight_ = next_part(dims.condition);
  no_condition_part_ = VectorOf(model.weights, "condition.none") * condition_weight_;
}

RowVector UserTower::UserPart(std::string_view age_group, std::string_view gender,
                              const RowVector& history) const {
  RowVector part = history * history_weight_;
  part += age_group_parts_.row(age_groups_.Row(age_group));
  part += gender_parts_.row(genders_.Row(gender));
  return part;
}

Embeddings UserTower::Embed(const RowVector& user_part, EmbeddingsView conditions) const {
  const Matrix projected = ViewOf(conditions) * condition_projection_;
  Matrix sums = projected * condition_weight_;
  sums.rowwise() += user_part;
  return FinishTower(sums, output_);
}

Embeddings UserTower::EmbedPlain(const RowVector& user_part) const {
  return FinishTower(user_part + no_condition_part_, output_);
}

}  // namespace twohop::towers_internal
