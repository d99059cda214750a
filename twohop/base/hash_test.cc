#include "twohop/base/hash.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using namespace std::string_view_literals;

TEST(HashTest, IsXxh3AndStaysSo) {
  EXPECT_EQ(HashHex(Hash64("")), "2d06800538d394c2");
  EXPECT_EQ(HashHex(Hash64("a")), "e6c632b61e964e1f");
  EXPECT_EQ(HashHex(Hash64("abc")), "78af5f94892f3950");
}

TEST(HashTest, DependsOnTheSeed) { EXPECT_NE(Hash64("abc", 1), Hash64("abc", 2)); }

TEST(HashTest, HexHasSixteenDigits) {
  EXPECT_EQ(HashHex(0), "0000000000000000");
  EXPECT_EQ(HashHex(0xABCDEF), "0000000000abcdef");
}

TEST(HasherTest, TheSamePartsGiveTheSameValue) {
  EXPECT_EQ(Hasher().Add("a"sv).Add(1).value(), Hasher().Add("a"sv).Add(1).value());
  EXPECT_EQ(Hasher().Add("a"sv).hex(), HashHex(Hasher().Add("a"sv).value()));
}

TEST(HasherTest, WhereOnePartEndsMatters) {
  EXPECT_NE(Hasher().Add("ab"sv).Add("c"sv).value(), Hasher().Add("a"sv).Add("bc"sv).value());
  EXPECT_NE(Hasher().Add("ab"sv).value(), Hasher().Add("ab"sv).Add(""sv).value());
  EXPECT_NE(Hasher().value(), Hasher().Add(""sv).value());
}

TEST(HasherTest, OrderMatters) {
  EXPECT_NE(Hasher().Add("a"sv).Add("b"sv).value(), Hasher().Add("b"sv).Add("a"sv).value());
  EXPECT_NE(Hasher().Add(1).Add(2).value(), Hasher().Add(2).Add(1).value());
}

TEST(HashFileTest, IsTheHashOfTheContent) {
  const TempDir dir;
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(HashFile(dir.Write("f", "abc")), Hash64("abc"));
  EXPECT_EQ(HashFile(dir.Write("f", "")), Hash64(""));
  EXPECT_EQ(HashFile(dir.Write("f", large)), Hash64(large));
}

TEST(HashFileTest, NamesTheFileThatIsNotThere) {
  EXPECT_THAT(HashFile(TempDir().path() / "absent"), FailsWith(ErrorCode::kNotFound, "absent"));
}

TEST(HashFileTest, WhatCannotBeReadIsUnavailable) {
  const TempDir dir;
  EXPECT_THAT(HashFile(dir.path()), FailsWith(ErrorCode::kUnavailable, dir.path().string()));
  EXPECT_THAT(HashFile(dir.Write("f", "") / "g"), FailsWith(ErrorCode::kUnavailable, "f/g"));
}

}  // namespace
}  // namespace twohop
