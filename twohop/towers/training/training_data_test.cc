#include "twohop/towers/training/training_data.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TrainingDataTest : public testing::Test {
 protected:
  void Click(const char* user, std::uint32_t item, int time) {
    builder_.Add(UserId(user), ItemIndex(item), TimePoint(Milliseconds(time)),
                 InteractionKind::kClicked);
  }

  void Show(const char* user, std::uint32_t item, int time) {
    builder_.Add(UserId(user), ItemIndex(item), TimePoint(Milliseconds(time)),
                 InteractionKind::kShown);
  }

  void Build(double heldout_share = 0) {
    auto data = std::move(builder_).Build(heldout_share);
    ASSERT_THAT(data, IsOk());
    data_.emplace(*std::move(data));
  }

  static std::vector<std::uint32_t> Numbers(std::span<const ItemIndex> items) {
    std::vector<std::uint32_t> numbers;
    for (const ItemIndex item : items) numbers.push_back(item.value());
    return numbers;
  }

  std::vector<std::uint32_t> ItemsOf(std::span<const TrainingRow> rows) const {
    std::vector<std::uint32_t> numbers;
    for (const TrainingRow& row : rows) numbers.push_back(data_->item_of(row).value());
    return numbers;
  }

  // What the user of the training row had clicked before it.
  std::vector<std::uint32_t> HistoryOf(std::size_t row, std::size_t window = 50) const {
    return Numbers(data_->HistoryBefore(data_->training_rows()[row], window));
  }

  TrainingDataBuilder builder_{10};
  std::optional<TrainingData> data_;
};

TEST_F(TrainingDataTest, RowsAreInOrderOfTimeWhateverTheOrderOfArrival) {
  Click("ann", 3, /*time=*/30);
  Click("bob", 1, /*time=*/10);
  Click("ann", 2, /*time=*/20);
  Build();
  EXPECT_THAT(ItemsOf(data_->training_rows()), ElementsAre(1, 2, 3));
}

TEST_F(TrainingDataTest, AHistoryHoldsTheUsersEarlierClicksOldestFirst) {
  Click("ann", 1, 10);
  Click("bob", 5, 15);
  Click("ann", 2, 20);
  Click("ann", 3, 30);
  Build();
  EXPECT_THAT(HistoryOf(0), IsEmpty());
  EXPECT_THAT(HistoryOf(3), ElementsAre(1, 2));
}

TEST_F(TrainingDataTest, AHistoryIsCutToTheWindow) {
  Click("ann", 1, 10);
  Click("ann", 2, 20);
  Click("ann", 3, 30);
  Click("ann", 4, 40);
  Build();
  EXPECT_THAT(HistoryOf(3, /*window=*/2), ElementsAre(2, 3));
}

TEST_F(TrainingDataTest, ARepeatedClickIsHistoryButNoRow) {
  Click("ann", 1, 10);
  Click("ann", 1, 20);
  Click("ann", 2, 30);
  Build();
  EXPECT_THAT(ItemsOf(data_->training_rows()), ElementsAre(1, 2));
  EXPECT_THAT(HistoryOf(1), ElementsAre(1, 1));
}

TEST_F(TrainingDataTest, TheLastClicksAreHeldOutAndKeepTheirHistory) {
  Click("ann", 1, 10);
  Click("ann", 2, 20);
  Click("ann", 3, 30);
  Click("ann", 4, 40);
  Build(/*heldout_share=*/0.5);
  EXPECT_THAT(ItemsOf(data_->training_rows()), ElementsAre(1, 2));
  EXPECT_THAT(ItemsOf(data_->heldout_rows()), ElementsAre(3, 4));
  EXPECT_THAT(Numbers(data_->HistoryBefore(data_->heldout_rows()[1], 50)), ElementsAre(1, 2, 3));
}

TEST_F(TrainingDataTest, ClicksOfTheVeryTimeOfTheSplitAreHeldOutTogether) {
  Click("ann", 1, 10);
  Click("ann", 2, 20);
  Click("bob", 3, 20);
  Click("bob", 4, 30);
  Build(/*heldout_share=*/0.5);
  EXPECT_THAT(ItemsOf(data_->heldout_rows()), ElementsAre(2, 3, 4));
}

TEST_F(TrainingDataTest, OnlyClicksBeforeTheSplitCountAsKnown) {
  Click("ann", 1, 10);
  Click("ann", 2, 20);
  Build(/*heldout_share=*/0.5);
  EXPECT_TRUE(data_->HasClicked(0, ItemIndex(1)));
  EXPECT_FALSE(data_->HasClicked(0, ItemIndex(2)));
  EXPECT_THAT(data_->click_counts(), ElementsAre(0, 1, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST_F(TrainingDataTest, ItemsShownAndNotClickedAreKeptOnce) {
  Show("ann", 7, 10);
  Show("ann", 3, 11);
  Show("ann", 7, 12);
  Show("ann", 1, 13);
  Click("ann", 1, 14);
  Build();
  EXPECT_THAT(Numbers(data_->shown_only(0)), ElementsAre(3, 7));
}

TEST_F(TrainingDataTest, ItemsShownAfterTheSplitAreNotKnown) {
  Click("ann", 1, 10);
  Show("ann", 7, 15);
  Click("ann", 2, 20);
  Show("ann", 8, 25);
  Build(/*heldout_share=*/0.5);
  EXPECT_THAT(Numbers(data_->shown_only(0)), ElementsAre(7));
}

TEST_F(TrainingDataTest, ProfilesBelongToTheirUsers) {
  builder_.SetProfile({.id = UserId("bob"), .age_group = "25-34"});
  builder_.SetProfile({.id = UserId("nobody"), .age_group = "65+"});
  Click("ann", 1, 10);
  Click("bob", 2, 20);
  Build();
  ASSERT_EQ(data_->users(), 2U);
  EXPECT_EQ(data_->profile(0), (UserProfile{.id = UserId("ann")}));
  EXPECT_EQ(data_->profile(1).age_group, "25-34");
}

TEST_F(TrainingDataTest, FingerprintTellsClicksApart) {
  Click("ann", 1, 10);
  Build();
  const std::uint64_t one = data_->fingerprint();
  builder_ = TrainingDataBuilder(10);
  Click("ann", 2, 10);
  Build();
  EXPECT_NE(one, data_->fingerprint());
}

TEST_F(TrainingDataTest, WithoutClicksThereIsNothingToLearnFrom) {
  Show("ann", 1, 10);
  EXPECT_THAT(std::move(builder_).Build(0), FailsWith(ErrorCode::kFailedPrecondition, "no clicks"));
}

TEST_F(TrainingDataTest, TheLastClicksBeforeTheHeldOutOnesAreForValidation) {
  for (int i = 0; i < 10; ++i) Click("ann", static_cast<std::uint32_t>(i), 10 * i);
  auto data = std::move(builder_).Build(/*heldout_share=*/0.2, /*validation_share=*/0.1);
  ASSERT_THAT(data, IsOk());
  data_.emplace(*std::move(data));
  EXPECT_THAT(ItemsOf(data_->heldout_rows()), ElementsAre(8, 9));
  EXPECT_THAT(ItemsOf(data_->validation_rows()), ElementsAre(7));
  EXPECT_EQ(data_->training_rows().size(), 7U);
  EXPECT_FALSE(data_->HasClicked(0, ItemIndex(7)));
}

TEST_F(TrainingDataTest, ASplitOfTheCallersOwnIsByTime) {
  Click("ann", 1, 10);
  Click("ann", 2, 20);
  Click("bob", 3, 20);
  Click("ann", 4, 30);
  auto data = std::move(builder_).BuildAt(
      {.validation = TimePoint(Milliseconds(20)), .heldout = TimePoint(Milliseconds(30))});
  ASSERT_THAT(data, IsOk());
  data_.emplace(*std::move(data));
  EXPECT_THAT(ItemsOf(data_->training_rows()), ElementsAre(1));
  EXPECT_THAT(ItemsOf(data_->validation_rows()), ElementsAre(2, 3));
  EXPECT_THAT(Numbers(data_->HistoryBefore(data_->heldout_rows()[0], 50)), ElementsAre(1, 2));
}

}  // namespace
}  // namespace twohop
