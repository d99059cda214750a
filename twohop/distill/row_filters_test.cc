#include "twohop/distill/row_filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TrainingRow Row(std::string question, std::string reply, TrainingTask task = TrainingTask::kHop2) {
  return {.task = task,
          .source = RowSource::kEdges,
          .subject = question,
          .messages = {{ChatRole::kSystem, "say nothing of a religion to jo@example.org"},
                       {ChatRole::kUser, question},
                       {ChatRole::kAssistant, std::move(reply)}},
          .categories = {}};
}

class RowFilterTest : public testing::Test {
 protected:
  std::vector<TrainingRow> Keep(std::vector<TrainingRow> rows) {
    return filter_.Keep(std::move(rows));
  }
  std::size_t Rejected(RowRejection rejection) const {
    return filter_.rejected()[static_cast<std::size_t>(rejection)];
  }

  Blocklist blocklist_ = *Blocklist::Parse("religio*\n");
  RowFilter filter_{blocklist_, RowFilterOptions()};
};

TEST_F(RowFilterTest, LeavesOutPersonalDataInQuestionOrReply) {
  EXPECT_THAT(Keep({Row("write to jo@example.org", "[]"), Row("camping", "[\"13812345678\"]"),
                    Row("size 36-39", "[]")}),
              SizeIs(1));
  EXPECT_EQ(Rejected(RowRejection::kPersonalData), 2U);
}

TEST_F(RowFilterTest, LeavesOutWhatTheBlocklistBlocks) {
  EXPECT_THAT(Keep({Row("religious books", "[]"), Row("books", "[\"Religion\"]")}), IsEmpty());
  EXPECT_EQ(Rejected(RowRejection::kBlocked), 2U);
}

TEST_F(RowFilterTest, ThePromptThatAllRowsShareIsNotJudged) {
  EXPECT_THAT(Keep({Row("camping", "[]")}), SizeIs(1));
}

TEST_F(RowFilterTest, OrdersOfOneListAreNoDuplicatesButEqualRowsAre) {
  EXPECT_THAT(Keep({Row("camping", "[\"A\",\"B\"]"), Row("camping", "[\"B\",\"A\"]"),
                    Row("camping", "[\"A\",\"B\"]")}),
              SizeIs(2));
  EXPECT_EQ(Rejected(RowRejection::kNearDuplicate), 1U);
}

TEST_F(RowFilterTest, ComparesWithEarlierCallsAndOnlyWithinATask) {
  EXPECT_THAT(Keep({Row("a tent", "[]"), Row("a tent", "[]", TrainingTask::kHop1)}), SizeIs(2));
  EXPECT_THAT(Keep({Row("A tent!", "[]")}), IsEmpty());
}

TEST(RowFilterOptionsTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(RowFilterOptions().Validate(), IsOk());
  EXPECT_THAT(RowFilterOptions{.near_duplicate = 0.0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "near_duplicate"));
  EXPECT_THAT(RowFilterOptions{.near_duplicate = 1.1}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "near_duplicate"));
}

}  // namespace
}  // namespace twohop
