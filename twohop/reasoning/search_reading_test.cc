#include "twohop/reasoning/search_reading.h"

#include <gtest/gtest.h>

#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

class SearchReaderTest : public testing::Test {
 protected:
  SearchReading Read(const std::string& search) {
    const std::vector<std::string> texts{search};
    return reader_.Read(search, embedder_.Embed(texts, {})->row(0));
  }

  float SimilarityTo(const SearchReading& reading, const std::string& category) {
    return Dot(reading.vector, space_->vector(InSmallShop(category)));
  }

  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  SearchReader reader_{space_};
  FakeEmbeddingClient embedder_;
};

TEST_F(SearchReaderTest, ATermIsItsCategory) {
  const SearchReading reading = Read("Gas  stove");
  EXPECT_TRUE(reading.is_exact);
  EXPECT_EQ(reading.category, InSmallShop("Camp Stoves"));
  EXPECT_NEAR(SimilarityTo(reading, "Camp Stoves"), 1.0F, 1e-5F);
}

TEST_F(SearchReaderTest, ANameIsItsCategory) {
  EXPECT_EQ(Read("lanterns").category, InSmallShop("Lanterns"));
}

TEST_F(SearchReaderTest, AnythingElseIsABlendThatLeansToTheNearest) {
  const SearchReading reading = Read("boots for hiking");
  EXPECT_FALSE(reading.is_exact);
  EXPECT_EQ(reading.category, InSmallShop("Hiking Boots"));
  EXPECT_GT(SimilarityTo(reading, "Hiking Boots"), 0.8F);
  EXPECT_NEAR(Dot(reading.vector, reading.vector), 1.0F, 1e-5F);
}

TEST_F(SearchReaderTest, ATermOfTwoCategoriesIsNoTerm) {
  std::vector<Category> categories{space_->taxonomy().at(InSmallShop("Tents")),
                                   space_->taxonomy().at(InSmallShop("Lanterns"))};
  for (Category& category : categories) category.terms = {"camp night"};
  auto taxonomy = std::make_shared<const Taxonomy>(*Taxonomy::Build(std::move(categories)));
  Embeddings vectors(2);
  vectors.Append(std::vector<float>{1.0F, 0.0F});
  vectors.Append(std::vector<float>{0.0F, 1.0F});
  const SearchReader reader(std::make_shared<const CategorySpace>(
      *CategorySpace::Build(std::move(taxonomy), std::move(vectors))));
  EXPECT_FALSE(reader.Read("camp night", std::vector<float>{1.0F, 0.0F}).is_exact);
}

TEST(BetweenTest, IsAsNearToBoth) {
  const std::vector<float> middle =
      Between(std::vector<float>{1.0F, 0.0F}, std::vector<float>{0.0F, 1.0F});
  EXPECT_NEAR(middle[0], 0.70711F, 1e-4F);
  EXPECT_NEAR(middle[1], 0.70711F, 1e-4F);
}

}  // namespace
}  // namespace twohop
