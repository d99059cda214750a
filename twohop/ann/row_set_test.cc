#include "twohop/ann/row_set.h"

#include <gtest/gtest.h>

namespace twohop::ann_internal {
namespace {

TEST(RowSetTest, HoldsWhatWasInserted) {
  RowSet rows(100'000);
  EXPECT_TRUE(rows.Insert(0));
  EXPECT_TRUE(rows.Insert(99'999));
  EXPECT_TRUE(rows.Contains(0));
  EXPECT_TRUE(rows.Contains(99'999));
  EXPECT_FALSE(rows.Contains(1));
  EXPECT_FALSE(rows.Contains(99'998));
  EXPECT_EQ(rows.count(), 2);
}

TEST(RowSetTest, InsertingTwiceCountsOnce) {
  RowSet rows(10);
  EXPECT_TRUE(rows.Insert(7));
  EXPECT_FALSE(rows.Insert(7));
  EXPECT_EQ(rows.count(), 1);
}

TEST(RowSetTest, ACopyKeepsWhatItWas) {
  RowSet rows(50'000);
  rows.Insert(40'000);
  const RowSet copy = rows;
  rows.Insert(40'001);
  EXPECT_TRUE(copy.Contains(40'000));
  EXPECT_FALSE(copy.Contains(40'001));
  EXPECT_EQ(copy.count(), 1);
  EXPECT_TRUE(rows.Contains(40'001));
}

}  // namespace
}  // namespace twohop::ann_internal
