// `twohop import` and `validate` with good and bad files, as a user runs them.

#include <string>
#include <vector>

#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTaxonomy =
    "id\tlevel1\tlevel2\tlevel3\n"
    "c1\tSport\tBalls\tFootballs\n"
    "c2\tHome\tKitchen\tPans\n";
constexpr const char* kItems = R"({"id": "i1", "title": "Match ball", "category": "c1"})"
                               "\n"
                               R"({"id": "i2", "title": "Iron pan", "category": "Pans"})"
                               "\n";
constexpr const char* kUsers = R"({"id": "u1", "age_group": "25-34"})"
                               "\n";
constexpr const char* kEvents =
    R"({"id": "e1", "user": "u1", "type": "click", "time": "2025-03-01T10:00:00Z", "item": "i1"})"
    "\n"
    R"({"id": "e2", "user": "u1", "type": "search", "time": "2025-03-01T10:01:00Z", "query": "pan"})"
    "\n";

class ImportProgramTest : public ::testing::Test {
 protected:
  ImportProgramTest() {
    Write("taxonomy.tsv", kTaxonomy);
    Write("items.jsonl", kItems);
    Write("users.jsonl", kUsers);
    Write("events.jsonl", kEvents);
  }

  void Write(const std::string& name, const std::string& content) { dir_.Write(name, content); }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }

  std::vector<std::string> Arguments(const std::string& command) const {
    return {command,
            "--taxonomy",
            Path("taxonomy.tsv"),
            "--items",
            Path("items.jsonl"),
            "--users",
            Path("users.jsonl"),
            "--events",
            Path("events.jsonl")};
  }

  ProgramResult Import(const std::vector<std::string>& more = {}) const {
    auto arguments = Arguments("import");
    arguments.insert(arguments.end(), {"--workspace", Path("workspace")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTwohop(arguments);
  }

  ProgramResult Validate() const { return RunTwohop(Arguments("validate")); }

  std::string Rejects() const { return ReadFile(dir_.path() / "workspace/rejects.jsonl").value(); }

  TempDir dir_;
};

TEST_F(ImportProgramTest, GoodFilesAreImported) {
  const ProgramResult result = Import();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("2 categories, 2 items, 1 users, 2 events (2 new), 0 rejected"));
}

TEST_F(ImportProgramTest, ImportingAgainAddsNothing) {
  Import();
  const ProgramResult result = Import();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 events (0 new)"));
}

TEST_F(ImportProgramTest, BrokenRowIsNamedCountedAndKeptForTheUser) {
  Write("events.jsonl", std::string(kEvents) + "{\"id\": \"e3\",\n");
  const ProgramResult result = Import();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 events (2 new), 1 rejected"));
  EXPECT_THAT(result.out, HasSubstr("events.jsonl:3"));
  EXPECT_THAT(Rejects(), HasSubstr("\"line\":3"));
}

TEST_F(ImportProgramTest, StrictStopsAtTheFirstBrokenRow) {
  Write("items.jsonl", std::string(kItems) + R"({"id": "i3", "title": "Hat", "category": "Hats"})");
  const ProgramResult result = Import({"--strict"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("items.jsonl:3"));
  EXPECT_THAT(result.err, HasSubstr("Hats"));
}

TEST_F(ImportProgramTest, ValidateWritesNothingAndFailsIfRowsWould) {
  Write("events.jsonl",
        R"({"user": "u1", "type": "click", "time": "2999-01-01T00:00:00Z", "item": "i1"})");
  const ProgramResult result = Validate();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("events.jsonl:1"));
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "workspace"));
}

TEST_F(ImportProgramTest, EventOfAnUnknownItemIsRejected) {
  Write("events.jsonl",
        R"({"user": "u1", "type": "click", "time": "2025-01-01T00:00:00Z", "item": "nope"})");
  EXPECT_THAT(Import().out, HasSubstr("nope"));
  EXPECT_THAT(Rejects(), HasSubstr("unknown_item"));
}

TEST_F(ImportProgramTest, EmptyFileIsAnErrorThatNamesIt) {
  Write("items.jsonl", "");
  const ProgramResult result = Import();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("items.jsonl"));
}

TEST_F(ImportProgramTest, MissingFileIsAnErrorThatNamesIt) {
  std::filesystem::remove(dir_.path() / "users.jsonl");
  const ProgramResult result = Import();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("users.jsonl"));
}

TEST(ProgramTest, RecallWithoutABundleSaysWhatIsMissing) {
  const TempDir dir;
  const ProgramResult result =
      RunTwohop({"recall", "--user", "u1", "--workspace", dir.path().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("bundle"));
}

TEST(ProgramTest, UnknownOptionIsAUsageError) {
  EXPECT_EQ(RunTwohop({"recall", "--usr", "u1"}).exit_code, 2);
}

TEST(ProgramTest, BrokenConfigurationIsNamedWithItsLine) {
  const TempDir dir;
  const auto file = dir.Write("twohop.toml", "[serve]\nport = 1\nprot = 2\n");
  const ProgramResult result = RunTwohop({"config", "--config", file.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("twohop.toml:3: unknown key serve.prot"));
}

}  // namespace
}  // namespace twohop
