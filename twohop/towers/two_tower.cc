#include "twohop/towers/two_tower.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "twohop/towers/internal/history_pooling.h"
#include "twohop/towers/internal/item_inputs.h"
#include "twohop/towers/internal/layers.h"
#include "twohop/towers/internal/user_tower.h"
#include "twohop/towers/model_file.h"

namespace twohop {

using towers_internal::HistoryPooling;
using towers_internal::ItemInputs;
using towers_internal::Linear;
using towers_internal::LinearOf;
using towers_internal::Matrix;
using towers_internal::RowVector;
using towers_internal::UserTower;

struct TwoTower::Impl {
  Impl(const Model& model, const Catalog& catalog, EmbeddingsView category_vectors)
      : dims(model.description.dims),
        history_window(model.description.history_window),
        item_inputs(model, catalog, category_vectors),
        history_pooling(model),
        item_hidden(LinearOf(model.weights, "item.hidden")),
        item_output(LinearOf(model.weights, "item.output")),
        user_tower(model) {}

  // Of the items [first, last).
  Embeddings EmbedItems(std::size_t first, std::size_t last) const {
    const Matrix sums = item_hidden.Apply(item_inputs.Rows(first, last));
    return towers_internal::FinishTower(sums, item_output);
  }

  // What the user contributes to the hidden layer under every condition.
  Result<RowVector> UserPart(const UserFeatures& user) const {
    const std::span<const ItemIndex> clicks(user.history);
    const auto history = clicks.first(std::min(clicks.size(), history_window));
    for (const ItemIndex item : history) {
      if (item.value() >= item_inputs.items()) {
        return InvalidArgument(fmt::format("history item {} is not in the catalogue of {} items",
                                           item.value(), item_inputs.items()));
      }
    }
    return user_tower.UserPart(user.age_group, user.gender,
                               history_pooling.Pool(item_inputs, history));
  }

  TowerDims dims;
  std::size_t history_window;
  ItemInputs item_inputs;
  HistoryPooling history_pooling;
  Linear item_hidden;
  Linear item_output;
  UserTower user_tower;
};

TwoTower::TwoTower(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
TwoTower::~TwoTower() = default;
TwoTower::TwoTower(TwoTower&&) noexcept = default;
TwoTower& TwoTower::operator=(TwoTower&&) noexcept = default;

Result<TwoTower> TwoTower::Load(const std::filesystem::path& dir,
                                const std::shared_ptr<const Catalog>& catalog,
                                EmbeddingsView category_vectors, std::string_view text_encoder) {
  TWOHOP_ASSIGN_OR_RETURN(const Model model, LoadModel(dir));
  return FromModel(model, *catalog, category_vectors, text_encoder);
}

Result<TwoTower> TwoTower::FromModel(const Model& model, const Catalog& catalog,
                                     EmbeddingsView category_vectors,
                                     std::string_view text_encoder) {
  TWOHOP_RETURN_IF_ERROR(CheckWeights(model));
  const ModelDescription& description = model.description;
  if (description.text_encoder != text_encoder) {
    return FailedPrecondition(
        fmt::format("the model was trained on text vectors of {}, these are of {}",
                    description.text_encoder, text_encoder));
  }
  if (category_vectors.dim() != description.dims.text) {
    return FailedPrecondition(
        fmt::format("the model was trained on text vectors of {} components, these have {}",
                    description.dims.text, category_vectors.dim()));
  }
  if (category_vectors.rows() != catalog.taxonomy().size()) {
    return InvalidArgument(fmt::format("{} category vectors for a taxonomy of {} categories",
                                       category_vectors.rows(), catalog.taxonomy().size()));
  }
  return TwoTower(std::make_unique<const Impl>(model, catalog, category_vectors));
}

std::size_t TwoTower::dim() const { return impl_->dims.output; }
std::size_t TwoTower::text_dim() const { return impl_->dims.text; }

Embeddings TwoTower::EmbedItems() const {
  // In blocks, so that the inputs of all items never exist at once.
  constexpr std::size_t kBlock = 1024;
  const std::size_t items = impl_->item_inputs.items();
  Embeddings all(items, dim());
  for (std::size_t first = 0; first < items; first += kBlock) {
    const std::size_t last = std::min(items, first + kBlock);
    const Embeddings block = impl_->EmbedItems(first, last);
    std::ranges::copy(block.data(), all.mutable_data().subspan(first * dim()).begin());
  }
  return all;
}

Result<Embeddings> TwoTower::EmbedUser(const UserFeatures& user, EmbeddingsView conditions) const {
  TWOHOP_ASSIGN_OR_RETURN(const RowVector part, impl_->UserPart(user));
  if (conditions.rows() == 0) return Embeddings(dim());
  if (conditions.dim() != text_dim()) {
    return InvalidArgument(fmt::format("conditions have {} components, the model takes {}",
                                       conditions.dim(), text_dim()));
  }
  return impl_->user_tower.Embed(part, conditions);
}

Result<Embeddings> TwoTower::EmbedUserPlain(const UserFeatures& user) const {
  TWOHOP_ASSIGN_OR_RETURN(const RowVector part, impl_->UserPart(user));
  return impl_->user_tower.EmbedPlain(part);
}

}  // namespace twohop
