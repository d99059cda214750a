#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/recaller.h"
#include "twohop/recall/user_encoder.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

constexpr std::size_t kTextDim = 12;

// A bundle around a real model, with weights drawn by chance.
class TwoTowerBundleTest : public testing::Test {
 protected:
  TwoTowerBundleTest() {
    TowerDims dims;
    dims.text = kTextDim;
    dims.output = 16;
    EXPECT_THAT(SaveModel(dir_.path() / "model", MakeRandomModel(catalog_->taxonomy(), dims)),
                IsOk());
    parts_.catalog = catalog_;
    parts_.category_vectors = category_vectors_;
    parts_.text_encoder = kTestEncoder;
    parts_.model_dir = dir_.path() / "model";
  }

  void EmbedItems() {
    auto model = TwoTower::Load(parts_.model_dir, catalog_, category_vectors_, kTestEncoder);
    ASSERT_THAT(model, IsOk());
    item_vectors_ = model->EmbedItems();
    parts_.item_vectors = item_vectors_;
  }

  TempDir dir_;
  std::filesystem::path bundles_ = dir_.path() / "bundles";
  std::shared_ptr<const Catalog> catalog_ = MakeGridCatalog(3, 60);
  Embeddings category_vectors_ = MakeRandomVectors(catalog_->taxonomy().size(), kTextDim);
  Embeddings item_vectors_;
  BundleParts parts_;
};

TEST_F(TwoTowerBundleTest, AModelIsServedFromItsBundle) {
  EmbedItems();
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrentBundle(bundles_));
  EXPECT_EQ(bundle->user_encoder().dim(), 16);
  EXPECT_EQ(bundle->user_encoder().text_dim(), kTextDim);

  const ManualClock clock;
  UserState user;
  user.profile.age_group = "25-34";
  user.clicks.push_back({ItemId("i0"), "", "", clock.Now()});
  const auto response = Recaller(bundle, clock).Recall(user, {.k = 10});
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->items, testing::SizeIs(10));
  EXPECT_EQ(response->channels[static_cast<std::size_t>(ChannelKind::kU2i)].found,
            10);  // Plain u2i.
}

TEST_F(TwoTowerBundleTest, AModelOfAnotherTextEncoderIsRefused) {
  EmbedItems();
  parts_.text_encoder = "another-encoder";
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  EXPECT_THAT(LoadCurrentBundle(bundles_), FailsWith(ErrorCode::kFailedPrecondition, "encoder"));
}

}  // namespace
}  // namespace twohop
