#include <utility>

#include "twohop/recall/bundle.h"
#include "twohop/recall/user_encoder.h"

namespace twohop {
namespace {

class TwoTowerEncoder final : public UserEncoder {
 public:
  explicit TwoTowerEncoder(TwoTower model) : model_(std::move(model)) {}

  std::size_t dim() const override { return model_.dim(); }
  std::size_t text_dim() const override { return model_.text_dim(); }

  Result<Embeddings> EmbedUser(const UserFeatures& user, EmbeddingsView conditions) const override {
    return model_.EmbedUser(user, conditions);
  }
  Result<Embeddings> EmbedUserPlain(const UserFeatures& user) const override {
    return model_.EmbedUserPlain(user);
  }

 private:
  TwoTower model_;
};

}  // namespace

Result<std::unique_ptr<const UserEncoder>> LoadTwoTowerEncoder(
    const std::filesystem::path& model_dir, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view text_encoder) {
  TWOHOP_ASSIGN_OR_RETURN(TwoTower model,
                          TwoTower::Load(model_dir, catalog, category_vectors, text_encoder));
  return std::make_unique<const TwoTowerEncoder>(std::move(model));
}

Result<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& dir) {
  return LoadBundle(dir, &LoadTwoTowerEncoder);
}

Result<std::shared_ptr<const Bundle>> LoadCurrentBundle(const std::filesystem::path& bundles_dir) {
  return LoadCurrentBundle(bundles_dir, &LoadTwoTowerEncoder);
}

}  // namespace twohop
