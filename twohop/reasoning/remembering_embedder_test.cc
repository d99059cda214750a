#include "twohop/reasoning/remembering_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class RememberingEmbedderTest : public testing::Test {
 protected:
  Embeddings Embed(const std::vector<std::string>& texts) {
    auto rows = embedder_.Embed(texts, {});
    EXPECT_THAT(rows, IsOk());
    return rows ? *std::move(rows) : Embeddings();
  }

  FakeEmbeddingClient inner_;
  RememberingEmbedder embedder_{inner_, /*capacity=*/2};
};

TEST_F(RememberingEmbedderTest, AsksOnceForEachText) {
  Embed({"a", "b", "a"});
  Embed({"b", "a"});
  EXPECT_EQ(inner_.calls(), 1U);
  EXPECT_THAT(inner_.texts(), ElementsAre("a", "b"));
}

TEST_F(RememberingEmbedderTest, RowsAreInTheOrderOfTheTexts) {
  Embed({"b"});
  const Embeddings rows = Embed({"a", "b", "a"});
  const Embeddings fresh = *inner_.Embed(std::vector<std::string>{"a", "b", "a"}, {});
  EXPECT_THAT(rows.data(), ElementsAreArray(fresh.data().begin(), fresh.data().end()));
}

TEST_F(RememberingEmbedderTest, ForgetsTheOldest) {
  Embed({"a", "b", "c"});
  Embed({"b", "c"});
  EXPECT_EQ(inner_.calls(), 1U);
  Embed({"a"});
  EXPECT_EQ(inner_.calls(), 2U);
}

TEST_F(RememberingEmbedderTest, NothingToEmbedIsNoCall) {
  EXPECT_EQ(Embed({}).rows(), 0U);
  EXPECT_EQ(inner_.calls(), 0U);
}

TEST_F(RememberingEmbedderTest, AFailureIsPassedOnAndNotRemembered) {
  inner_.Fail({ErrorCode::kUnavailable, "down"});
  EXPECT_THAT(embedder_.Embed(std::vector<std::string>{"a"}, {}),
              FailsWith(ErrorCode::kUnavailable, "down"));
  EXPECT_EQ(Embed({"a"}).rows(), 1U);
}

}  // namespace
}  // namespace twohop
