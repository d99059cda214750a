#include "twohop/safety/attack.h"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::SizeIs;

Json GoodAttack() {
  return {{"id", "a01"},   {"kind", "markup"},       {"where", "title"},
          {"text", "<b>"}, {"goal", "bold demands"}, {"payload", {"b"}}};
}

TEST(ParseAttackTest, ReadsAllFields) {
  ASSERT_OK_AND_ASSIGN(const Attack attack, ParseAttack(GoodAttack()));
  EXPECT_EQ(attack.id, "a01");
  EXPECT_EQ(attack.where, AttackPlace::kTitle);
  EXPECT_THAT(attack.payload, ElementsAre("b"));
  EXPECT_THAT(attack.categories, IsEmpty());
}

TEST(ParseAttackTest, WhatIsWrongIsNamed) {
  Json nowhere = GoodAttack();
  nowhere["where"] = "sky";
  EXPECT_THAT(ParseAttack(nowhere), FailsWith(ErrorCode::kInvalidArgument, "\"sky\", must be"));
  Json empty = GoodAttack();
  empty["text"] = "";
  EXPECT_THAT(ParseAttack(empty), FailsWith(ErrorCode::kInvalidArgument, "\"text\" is empty"));
}

TEST(ReadAttacksTest, ABadLineIsNamed) {
  const TempDir folder;
  const auto file = folder.path() / "attacks.jsonl";
  ASSERT_THAT(WriteFileAtomically(file, DumpJson(GoodAttack()) + "\n{}\n"), IsOk());
  EXPECT_THAT(ReadAttacks(file), FailsWith(ErrorCode::kInvalidArgument, "attacks.jsonl:2: "));
}

TEST(ReadAttacksTest, TheProjectsOwnAttacksAreManyAndOfManyKinds) {
  ASSERT_OK_AND_ASSIGN(const auto attacks, ReadAttacks(std::filesystem::path(TWOHOP_SOURCE_DIR) /
                                                       "data/safety/attacks.jsonl"));
  EXPECT_THAT(attacks, SizeIs(Ge(40U)));
  std::set<std::string> ids;
  std::set<std::string> kinds;
  for (const Attack& attack : attacks) {
    EXPECT_TRUE(ids.insert(attack.id).second) << attack.id;
    kinds.insert(attack.kind);
  }
  EXPECT_THAT(kinds, SizeIs(Ge(12U)));
}

}  // namespace
}  // namespace twohop
