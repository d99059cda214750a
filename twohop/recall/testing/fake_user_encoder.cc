#include "twohop/recall/testing/fake_user_encoder.h"

#include <utility>

namespace twohop {
namespace {

class FakeUserEncoder final : public UserEncoder {
 public:
  FakeUserEncoder(std::shared_ptr<const Catalog> catalog, Embeddings category_vectors)
      : catalog_(std::move(catalog)), category_vectors_(std::move(category_vectors)) {}

  std::size_t dim() const override { return category_vectors_.dim(); }
  std::size_t text_dim() const override { return category_vectors_.dim(); }

  Result<Embeddings> EmbedUser(const UserFeatures&, EmbeddingsView conditions) const override {
    if (conditions.rows() > 0 && conditions.dim() != text_dim()) {
      return InvalidArgument("conditions have another dimension");
    }
    Embeddings users(dim());
    for (std::size_t row = 0; row < conditions.rows(); ++row) users.Append(conditions.row(row));
    return users;
  }

  Result<Embeddings> EmbedUserPlain(const UserFeatures& user) const override {
    Embeddings users(1, dim());
    if (user.history.empty()) Add(CategoryIndex(0), users.mutable_row(0));
    for (const ItemIndex item : user.history) {
      Add(catalog_->at(item).category, users.mutable_row(0));
    }
    NormalizeL2(users.mutable_row(0));
    return users;
  }

 private:
  void Add(CategoryIndex category, std::span<float> sum) const {
    const auto vector = category_vectors_.row(category.value());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += vector[i];
  }

  std::shared_ptr<const Catalog> catalog_;
  Embeddings category_vectors_;
};

class BrokenUserEncoder final : public UserEncoder {
 public:
  explicit BrokenUserEncoder(std::size_t dim) : dim_(dim) {}

  std::size_t dim() const override { return dim_; }
  std::size_t text_dim() const override { return dim_; }
  Result<Embeddings> EmbedUser(const UserFeatures&, EmbeddingsView) const override {
    return Internal("the model is broken");
  }
  Result<Embeddings> EmbedUserPlain(const UserFeatures&) const override {
    return Internal("the model is broken");
  }

 private:
  std::size_t dim_;
};

Embeddings Copy(EmbeddingsView view) {
  Embeddings copy(view.dim());
  for (std::size_t row = 0; row < view.rows(); ++row) copy.Append(view.row(row));
  return copy;
}

}  // namespace

std::unique_ptr<const UserEncoder> MakeFakeUserEncoder(std::shared_ptr<const Catalog> catalog,
                                                       Embeddings category_vectors) {
  return std::make_unique<const FakeUserEncoder>(std::move(catalog), std::move(category_vectors));
}

Result<std::unique_ptr<const UserEncoder>> LoadFakeUserEncoder(
    const std::filesystem::path&, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view) {
  return MakeFakeUserEncoder(catalog, Copy(category_vectors));
}

Result<std::unique_ptr<const UserEncoder>> LoadBrokenUserEncoder(
    const std::filesystem::path&, const std::shared_ptr<const Catalog>&,
    EmbeddingsView category_vectors, std::string_view) {
  return std::make_unique<const BrokenUserEncoder>(category_vectors.dim());
}

}  // namespace twohop
