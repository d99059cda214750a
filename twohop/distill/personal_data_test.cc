#include "twohop/distill/personal_data.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

struct Case {
  const char* text;
  std::optional<PersonalData> kind;
};

class FindPersonalDataTest : public testing::TestWithParam<Case> {};

TEST_P(FindPersonalDataTest, TellsPeopleFromProducts) {
  EXPECT_EQ(FindPersonalData(GetParam().text), GetParam().kind) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Emails, FindPersonalDataTest,
                         testing::Values(Case{"mail jo.doe+x@example.org", PersonalData::kEmail},
                                         Case{"JO@MAIL.EXAMPLE.COM!", PersonalData::kEmail},
                                         Case{"(a_b@x-y.cn)", PersonalData::kEmail},
                                         Case{"jo＠example.org", PersonalData::kEmail}));

INSTANTIATE_TEST_SUITE_P(Urls, FindPersonalDataTest,
                         testing::Values(Case{"see https://x.y", PersonalData::kUrl},
                                         Case{"www.shop.example", PersonalData::kUrl},
                                         Case{"t.me/somebody", PersonalData::kUrl},
                                         Case{"my-site.com tent", PersonalData::kUrl}));

INSTANTIATE_TEST_SUITE_P(Handles, FindPersonalDataTest,
                         testing::Values(Case{"like @some_body wears", PersonalData::kHandle},
                                         Case{"@小明 同款", PersonalData::kHandle}));

INSTANTIATE_TEST_SUITE_P(IdNumbers, FindPersonalDataTest,
                         testing::Values(Case{"11010519491231002X", PersonalData::kIdNumber},
                                         Case{"110105194912310021", PersonalData::kIdNumber},
                                         Case{"4111 1111 1111 1111", PersonalData::kIdNumber},
                                         Case{"ssn 123-45-6789", PersonalData::kIdNumber}));

INSTANTIATE_TEST_SUITE_P(Phones, FindPersonalDataTest,
                         testing::Values(Case{"call 5551234", PersonalData::kPhone},
                                         Case{"13812345678", PersonalData::kPhone},
                                         Case{"１３８１２３４５６７８", PersonalData::kPhone},
                                         Case{"tel13812345678", PersonalData::kPhone},
                                         Case{"138 1234 5678", PersonalData::kPhone},
                                         Case{"+49 30 12345", PersonalData::kPhone},
                                         Case{"06 12 34 56 78", PersonalData::kPhone},
                                         Case{"(555) 123-4567", PersonalData::kPhone},
                                         Case{"555.123.4567", PersonalData::kPhone},
                                         Case{"555-1234", PersonalData::kPhone}));

INSTANTIATE_TEST_SUITE_P(Products, FindPersonalDataTest,
                         testing::Values(Case{"", {}}, Case{"iphone 15 case", {}},
                                         Case{"4u offensive racket", {}}, Case{"size 36-39", {}},
                                         Case{"size 36 37 38 39 40 41", {}},
                                         Case{"1/144 robot kit", {}}, Case{"24-70 zoom lens", {}},
                                         Case{"20000mah power bank", {}}, Case{"rtx 4070 4080", {}},
                                         Case{"lego 75192", {}}, Case{"0.5 0.7 0.38 refill", {}},
                                         Case{"pi 3.1415926", {}}, Case{"calendar 2025-2026", {}},
                                         Case{"2024-11-24 concert", {}}, Case{"31.12.2024", {}},
                                         Case{"budget 500-1000", {}}, Case{"1920x1080 monitor", {}},
                                         Case{"100-200-300 g", {}}, Case{"balanced 4.4 output", {}},
                                         Case{"50mm f1.8", {}}, Case{"2 @ 5 each", {}},
                                         Case{"icons @2x", {}}, Case{"node.js mug", {}},
                                         Case{"co2/o2 meter", {}},
                                         Case{"1. \"tent\"\n2. \"stove\"\n3. \"lamp\"", {}}));

// Not one false alarm in all that the demo community searches for and wants.
TEST(FindPersonalDataOnCommunityTest, LeavesTheCommunityAlone) {
  std::string alarms;
  for (const char* name : {"teacher.jsonl", "demand_edges.jsonl"}) {
    const auto faults = ForEachJsonLine(std::string(TWOHOP_SOURCE_DIR "/data/community/") + name,
                                        [&](const Json& row) -> Status {
                                          if (FindPersonalData(DumpJson(row)))
                                            alarms += DumpJson(row) + "\n";
                                          return Ok();
                                        });
    EXPECT_THAT(faults, IsOk());
  }
  EXPECT_EQ(alarms, "");
}

TEST(PersonalDataNameTest, IsInLowerCase) {
  EXPECT_EQ(PersonalDataName(PersonalData::kIdNumber), "id_number");
}

}  // namespace
}  // namespace twohop
