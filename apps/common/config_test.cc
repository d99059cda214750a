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

TEST(ConfigTest, UnknownStrategyIsRefused) {
  EXPECT_THAT(Parse("[reasoning]\nstrategy = \"magic\"\n"),
              FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: reasoning.strategy must be"));
}

TEST(ConfigTest, MissingFileIsNotFound) {
  EXPECT_THAT(LoadConfig("/nowhere/a.toml"), FailsWith(ErrorCode::kNotFound, "/nowhere/a.toml"));
}

}  // namespace
}  // namespace twohop::app
