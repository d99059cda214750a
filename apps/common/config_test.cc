#include "apps/common/config.h"

#include <algorithm>
#include <string>
#include <vector>

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

constexpr const char* kTwoChannels =
    "[recall]\ndiversity = 0.2\n"
    "[[recall.channel]]\nname = \"fresh\"\nshare = 0.05\n"
    "[[recall.channel]]\nname = \"novelty\"\nplaces = [3, 8, 13]\n";

const ChannelConfig& ChannelOf(const Config& config, std::string_view name) {
  return *std::ranges::find(config.recall.channels, name, &ChannelConfig::name);
}

TEST(RecallConfigTest, ATableChangesTheChannelThatItNamesAndNoOther) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(kTwoChannels));
  EXPECT_EQ(config.recall.channels.size(), Config{}.recall.channels.size());
  EXPECT_EQ(ChannelOf(config, "fresh").share, 0.05);
  EXPECT_EQ(ChannelOf(config, "novelty").places, (std::vector<std::uint32_t>{3, 8, 13}));
  EXPECT_EQ(ChannelOf(config, "novelty").share, 1.0);  // Its own default.
  EXPECT_EQ(ChannelOf(config, "u2i"), ChannelOf(Config{}, "u2i"));
}

TEST(RecallConfigTest, PrintedChannelsReadBack) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(kTwoChannels));
  ASSERT_OK_AND_ASSIGN(const Config again, Parse(ConfigToToml(config)));
  EXPECT_EQ(again.recall, config.recall);
}

TEST(RecallConfigTest, AnUnknownChannelIsNamedWithThoseThatThereAre) {
  EXPECT_THAT(Parse("[[recall.channel]]\nname = \"random\"\n"),
              FailsWith(ErrorCode::kInvalidArgument,
                        "a.toml:2: recall.channel[0].name must be one of novelty, interest_text"));
  EXPECT_THAT(Parse("[[recall.channel]]\nshare = 1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "recall.channel[0].name must be one of"));
}

TEST(RecallConfigTest, AChannelHasOneTable) {
  EXPECT_THAT(Parse("[[recall.channel]]\nname = \"u2i\"\n[[recall.channel]]\nname = \"u2i\"\n"),
              FailsWith(ErrorCode::kInvalidArgument,
                        "a.toml:4: recall.channel[1].name must be another one"));
}

TEST(RecallConfigTest, ValuesOutOfRangeAreNamedWithTheirPath) {
  const auto refused = [](std::string_view line) {
    const auto config = Parse("[[recall.channel]]\nname = \"u2i\"\n" + std::string(line) + "\n");
    return config.has_value() ? "" : config.error().message();
  };
  EXPECT_EQ(refused("share = -1"), "a.toml:3: recall.channel[0].share must be in [0, 1e6]");
  EXPECT_EQ(refused("first_place = 0"),
            "a.toml:3: recall.channel[0].first_place must be in [1, 500]");
  EXPECT_EQ(refused("places = [3, 3]"),
            "a.toml:3: recall.channel[0].places must be ascending numbers of [1, 500], each once");
  EXPECT_EQ(refused("places = 3"),
            "a.toml:3: recall.channel[0].places must be whole numbers: [1, 2]");
  EXPECT_EQ(refused("places = [1, \"2\"]"),
            "a.toml:3: recall.channel[0].places[1] must be a whole number of [0, 4294967295]");
  EXPECT_EQ(refused("deadline_ms = inf"),
            "a.toml:3: recall.channel[0].deadline_ms must be in [0, 60000]");
  EXPECT_EQ(refused("seeds = 0"), "a.toml:3: recall.channel[0].seeds must be in [1, 200]");
  EXPECT_EQ(refused("max_items = 2\nplaces = [1]"),
            "a.toml:4: recall.channel[0].places must be empty where max_items or first_place is "
            "given");
  EXPECT_EQ(refused("shares = 1"), "a.toml:3: unknown key recall.channel[0].shares");
}

TEST(RecallConfigTest, APlaceBelongsToOneChannel) {
  EXPECT_THAT(Parse("[[recall.channel]]\nname = \"u2i\"\nplaces = [1, 2]\n"
                    "[[recall.channel]]\nname = \"novelty\"\nplaces = [2]\n"),
              FailsWith(ErrorCode::kInvalidArgument,
                        "a.toml:6: recall.channel[1].places must be places that no other channel "
                        "has; 2 is taken"));
}

TEST(RecallConfigTest, APageNeedsAChannel) {
  EXPECT_THAT(Parse("[recall]\nnovelty_share = 1\n"
                    "[[recall.channel]]\nname = \"novelty\"\nshare = 0\n"
                    "[[recall.channel]]\nname = \"u2i\"\nshare = 0\n"
                    "[[recall.channel]]\nname = \"similar\"\nshare = 0\n"
                    "[[recall.channel]]\nname = \"popular\"\nshare = 0\n"),
              FailsWith(ErrorCode::kInvalidArgument,
                        "a.toml:2: recall.novelty_share must be such that a channel"));
}

}  // namespace
}  // namespace twohop::app
