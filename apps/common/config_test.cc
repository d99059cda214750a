#include "apps/common/config.h"

#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop::app {
namespace {

Result<Config> Parse(std::string_view toml) { return ParseConfig(toml, "a.toml"); }

TEST(ConfigTest, EmptyFileMeansDefaults) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(""));
  EXPECT_EQ(ConfigToToml(config), ConfigToToml(Config{}));
}

TEST(ConfigTest, ShippedFileHasTheDefaults) {
  ASSERT_OK_AND_ASSIGN(const Config config, LoadConfig(TWOHOP_SOURCE_DIR "/configs/twohop.toml"));
  EXPECT_EQ(ConfigToToml(config), ConfigToToml(Config{}));
}

TEST(ConfigTest, ValuesReplaceDefaults) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse("[serve]\nport = 9000\nhost = \"0.0.0.0\"\n"
                                                  "[recall]\nnovelty_share = 1\n"));
  EXPECT_EQ(config.serve.port, 9000);
  EXPECT_EQ(config.serve.host, "0.0.0.0");
  EXPECT_EQ(config.recall.novelty_share, 1.0);
  EXPECT_EQ(config.train.epochs, Config{}.train.epochs);
}

TEST(ConfigTest, WhatIsPrintedReadsBack) {
  Config config;
  config.llm.mode = "remote";
  config.llm.url = "http://127.0.0.1:1/v1";
  config.train.seed = 7;
  ASSERT_OK_AND_ASSIGN(const Config again, Parse(ConfigToToml(config)));
  EXPECT_EQ(ConfigToToml(again), ConfigToToml(config));
}

TEST(ConfigTest, UnknownKeyIsNamedWithItsLine) {
  EXPECT_THAT(Parse("[serve]\n\nprot = 1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:3: unknown key serve.prot"));
}

TEST(ConfigTest, UnknownSectionIsNamed) {
  EXPECT_THAT(Parse("[server]\nport = 1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:1: unknown section server"));
}

TEST(ConfigTest, BrokenTomlIsNamedWithItsLine) {
  EXPECT_THAT(Parse("[serve]\nport = \n"), FailsWith(ErrorCode::kInvalidArgument, "a.toml:2:"));
}

TEST(ConfigTest, WrongTypeIsNamed) {
  EXPECT_THAT(Parse("[serve]\nport = \"80\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "serve.port must be a whole number"));
}

TEST(ConfigTest, NumberOutsideItsTypeIsRefused) {
  EXPECT_THAT(Parse("[serve]\nport = 70000\n"),
              FailsWith(ErrorCode::kInvalidArgument, "[0, 65535]"));
  EXPECT_THAT(Parse("[train]\nseed = -1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "train.seed must be a whole number"));
}

TEST(ConfigTest, NotANumberIsRefused) {
  EXPECT_THAT(Parse("[recall]\nnovelty_share = nan\n"),
              FailsWith(ErrorCode::kInvalidArgument, "recall.novelty_share must be in [0, 1]"));
}

TEST(ConfigTest, RemoteEndpointNeedsAUrl) {
  EXPECT_THAT(Parse("[llm]\nmode = \"remote\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "llm.url must be given"));
}

constexpr const char* kTwoFallbacks =
    "[llm]\ndaily_budget_usd = 2.5\n"
    "[llm.breaker]\nfailures = 3\n"
    "[[llm.fallback]]\nurl = \"https://a.example/v1\"\nmodel = \"a\"\n"
    "usd_per_million_prompt_tokens = 0.5\n"
    "[[llm.fallback]]\nurl = \"https://b.example/v1\"\nmodel = \"b\"\nparallel = 2\n";

TEST(ConfigTest, FallbacksKeepTheirOrder) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(kTwoFallbacks));
  ASSERT_EQ(config.llm_fallback.size(), 2U);
  EXPECT_EQ(config.llm_fallback[0].model, "a");
  EXPECT_EQ(config.llm_fallback[0].usd_per_million_prompt_tokens, 0.5);
  EXPECT_EQ(config.llm_fallback[1].url, "https://b.example/v1");
  EXPECT_EQ(config.llm_fallback[1].parallel, 2U);
  EXPECT_FALSE(config.llm_fallback[1].managed());
  EXPECT_EQ(config.llm_breaker.failures, 3U);
  EXPECT_EQ(config.llm_limits.daily_budget_usd, 2.5);
}

TEST(ConfigTest, PrintedFallbacksReadBack) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(kTwoFallbacks));
  ASSERT_OK_AND_ASSIGN(const Config again, Parse(ConfigToToml(config)));
  EXPECT_EQ(again.llm_fallback.size(), 2U);
  EXPECT_EQ(ConfigToToml(again), ConfigToToml(config));
}

TEST(ConfigTest, AFallbackNeedsAnAddressAndAModel) {
  EXPECT_THAT(Parse("[[llm.fallback]]\nmodel = \"a\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "llm.fallback[0].url must be given"));
  EXPECT_THAT(Parse("[[llm.fallback]]\nurl = \"http://a/v1\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "llm.fallback[0].model must be"));
}

TEST(ConfigTest, AFallbackHasTheKeysOfARemoteEndpoint) {
  EXPECT_THAT(
      Parse("[[llm.fallback]]\nurl = \"http://a/v1\"\nmodel = \"a\"\nthreads = 2\n"),
      FailsWith(ErrorCode::kInvalidArgument, "a.toml:4: unknown key llm.fallback[0].threads"));
}

TEST(ConfigTest, ATableInTheWrongFormIsNamedWithItsLine) {
  EXPECT_THAT(Parse("[llm.fallback]\nmodel = \"a\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "must be tables: [[llm.fallback]]"));
  EXPECT_THAT(Parse("[llm]\nbreaker = 3\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: llm.breaker must be a table"));
  EXPECT_THAT(Parse("serve = 3\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:1: serve must be a table"));
}

TEST(ConfigTest, UnknownKeyOfASubsectionIsNamed) {
  EXPECT_THAT(Parse("[llm.breaker]\nfailure = 3\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: unknown key llm.breaker.failure"));
}

TEST(ConfigTest, LimitsAreChecked) {
  EXPECT_THAT(Parse("[llm]\ndaily_budget_tokens = -1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: llm.daily_budget_tokens"));
  EXPECT_THAT(Parse("[llm]\ncall_deadline_s = 0\n"),
              FailsWith(ErrorCode::kInvalidArgument, "llm.call_deadline_s must be at least 1"));
  EXPECT_THAT(Parse("[llm.breaker]\nfailures = 0\n"),
              FailsWith(ErrorCode::kInvalidArgument, "llm.breaker.failures must be at least 1"));
}

TEST(ConfigTest, ABudgetInMoneyNeedsPrices) {
  EXPECT_THAT(Parse("[llm]\ndaily_budget_usd = 1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: llm.daily_budget_usd must be 0"));
}

TEST(ConfigTest, UnknownStrategyIsRefused) {
  EXPECT_THAT(Parse("[reasoning]\nstrategy = \"magic\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: reasoning.strategy must be"));
}

TEST(ConfigTest, MissingFileIsNotFound) {
  EXPECT_THAT(LoadConfig("/nowhere/a.toml"), FailsWith(ErrorCode::kNotFound, "/nowhere/a.toml"));
}

TEST(ConfigTest, AgentsOfADebateAreReadAndChecked) {
  const auto config = ParseConfig(R"(
[reasoning]
mode = "debate"
[[reasoning.agent]]
name = "Atlas"
strategy = "shared_edges"
[[reasoning.agent]]
name = "Wren"
persona = "thrifty"
temperature = 0.5
weight = 0.5
)",
                                  "c.toml");
  ASSERT_THAT(config, IsOk());
  ASSERT_EQ(config->reasoning.agents.size(), 2U);
  EXPECT_EQ(config->reasoning.agents[0].strategy, "shared_edges");
  EXPECT_EQ(config->reasoning.agents[1].strategy, "full_two_hop");
  EXPECT_EQ(config->reasoning.agents[1].weight, 0.5);
  EXPECT_THAT(ParseConfig("[[reasoning.agent]]\nname = \"A\"\nweight = 0.0\n", "c.toml"),
              FailsWith(ErrorCode::kInvalidArgument, "c.toml:3: reasoning.agent[0].weight"));
  EXPECT_THAT(ParseConfig("[[reasoning.agent]]\nstrategy = \"shared_edges\"\n", "c.toml"),
              FailsWith(ErrorCode::kInvalidArgument, "reasoning.agent[0].name must be given"));
}

}  // namespace
}  // namespace twohop::app
