#include "twohop/rocks/rocks_record.h"

#include <string>

#include <gtest/gtest.h>

namespace twohop {
namespace {

TEST(RocksRecordTest, PayloadComesBack) {
  EXPECT_EQ(OpenRecord("key", SealRecord("key", "payload")), "payload");
}

TEST(RocksRecordTest, PayloadMayBeEmpty) {
  EXPECT_EQ(OpenRecord("key", SealRecord("key", "")), "");
}

TEST(RocksRecordTest, EveryFlippedBitIsNoticed) {
  const std::string sealed = SealRecord("key", "a payload");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string damaged = sealed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(OpenRecord("key", damaged), std::nullopt) << "bit " << bit;
  }
}

TEST(RocksRecordTest, ShortRecordIsNoticed) {
  EXPECT_EQ(OpenRecord("key", ""), std::nullopt);
  EXPECT_EQ(OpenRecord("key", "abc"), std::nullopt);
}

TEST(RocksRecordTest, RecordOfAnotherKeyIsNoticed) {
  EXPECT_EQ(OpenRecord("other", SealRecord("key", "payload")), std::nullopt);
}

}  // namespace
}  // namespace twohop
