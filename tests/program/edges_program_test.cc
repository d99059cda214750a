// `twohop edges` from a teacher's file to edits and back, as a user runs it.

#include <string>
#include <vector>

#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTaxonomy =
    "id\tlevel1\tlevel2\tlevel3\n"
    "c1\tOutdoors\tCamping\tTents\n"
    "c2\tHome\tLight\tLanterns\n"
    "c3\tTravel\tTrips\tHikes\n";
constexpr const char* kItems = "{\"id\": \"i1\", \"title\": \"Dome\", \"category\": \"c1\"}\n";
constexpr const char* kEvents =
    "{\"id\": \"e1\", \"user\": \"u1\", \"type\": \"search\", \"time\": \"2025-03-01T10:00:00Z\", "
    "\"query\": \"tent\"}\n";
constexpr const char* kEdges =
    "{\"demand\": \"sleeping outdoors\", \"from\": [\"tent\"], \"calls_for\": [\"Lanterns\"], "
    "\"stretch\": [\"Hikes\"]}\n"
    "{\"demand\": \"seeing the world\", \"from\": [\"map\"], \"calls_for\": [\"Hikes\"]}\n";

// A workspace with a small catalogue, and an embedding server whose vectors all point one way.
class EdgesProgramTest : public ::testing::Test {
 protected:
  EdgesProgramTest() {
    server_.AnswerWith([](const FakeHttpRequest& request) {
      const std::size_t texts = ParseJson(request.body)->at("input").size();
      Json data = Json::array();
      for (std::size_t i = 0; i < texts; ++i) {
        data.push_back({{"index", i}, {"embedding", {0.6, 0.8}}});
      }
      return FakeHttpReply{
          .body =
              Json{{"data", data}, {"model", "even"}, {"usage", {{"prompt_tokens", 1}}}}.dump()};
    });
    dir_.Write("taxonomy.tsv", kTaxonomy);
    dir_.Write("items.jsonl", kItems);
    dir_.Write("users.jsonl", "{\"id\": \"u1\"}\n");
    dir_.Write("events.jsonl", kEvents);
    dir_.Write("edges.jsonl", kEdges);
    dir_.Write("config.toml", "[embedding]\nmode = \"remote\"\nmodel = \"even\"\nurl = \"" +
                                  server_.base_url() + "\"\n");
  }

  void SetUp() override {
    const ProgramResult imported = RunTwohop(
        {"import", "--taxonomy", Path("taxonomy.tsv"), "--items", Path("items.jsonl"), "--users",
         Path("users.jsonl"), "--events", Path("events.jsonl"), "--workspace", Path("workspace")});
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
  }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }

  ProgramResult Edges(const std::string& command, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"edges",           command,    "--workspace",
                                       Path("workspace"), "--config", Path("config.toml")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTwohop(arguments);
  }

  // What a command that must succeed printed.
  std::string Out(const std::string& command, const std::vector<std::string>& more = {}) const {
    const ProgramResult result = Edges(command, more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  std::string Exported() const {
    Out("export", {Path("exported.jsonl")});
    return ReadFile(dir_.path() / "exported.jsonl").value_or("(no file)");
  }

  TempDir dir_;
  FakeHttpServer server_;
};

TEST_F(EdgesProgramTest, AnEditSurvivesTheImportOfTheSameFile) {
  EXPECT_THAT(Out("import", {Path("edges.jsonl")}), HasSubstr("2 demands, 2 edges, embedded"));
  EXPECT_THAT(Out("import", {Path("edges.jsonl")}), HasSubstr("up to date"));
  EXPECT_THAT(Out("edit", {"Sleeping outdoors", "--add", "Hikes", "--drop", "Lanterns"}),
              HasSubstr("calls for Hikes"));
  EXPECT_THAT(Out("edit", {"seeing the world", "--rename", "travelling far"}),
              HasSubstr("\"travelling far\""));
  Out("import", {Path("edges.jsonl"), "--teacher", "another"});
  EXPECT_EQ(Exported(),
            R"({"calls_for":["Hikes"],"demand":"sleeping outdoors","from":["tent"],"stretch":[]})"
            "\n"
            R"({"calls_for":["Hikes"],"demand":"travelling far","from":["map"],"stretch":[]})"
            "\n");
}

TEST_F(EdgesProgramTest, ListsAndShows) {
  Out("import", {Path("edges.jsonl"), "--teacher", "professor"});
  const std::string list = Out("list", {"--source", "teacher", "--like", "lantern"});
  EXPECT_THAT(list, HasSubstr("sleeping outdoors"));
  EXPECT_THAT(list, Not(HasSubstr("seeing the world")));
  EXPECT_THAT(Out("list", {"--searches"}), HasSubstr("map"));
  const auto json = ParseJson(Out("list", {"--json", "--limit", "1"}));
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(json->at("matching"), 2);
  EXPECT_EQ(json->at("edges").size(), 1U);
  const std::string demand = Out("show", {"sleeping outdoors"});
  for (const char* part : {"professor", "calls for: Lanterns", "stretch: Hikes",
                           "searches that lead here: tent", "similar (1.00", "seeing the world"}) {
    EXPECT_THAT(demand, HasSubstr(part));
  }
  EXPECT_THAT(Out("show", {"Tent"}), HasSubstr("demands (teacher): sleeping outdoors"));
  EXPECT_THAT(Out("merges"), HasSubstr("0.0 %"));  // One pair, which shares a stretch.
}

TEST_F(EdgesProgramTest, RemovesByNameAndByKind) {
  Out("import", {Path("edges.jsonl")});
  Out("remove", {"sleeping outdoors"});
  Out("remove", {"--search", "map"});
  EXPECT_EQ(Exported(),
            R"({"calls_for":["Hikes"],"demand":"seeing the world","from":[],"stretch":[]})"
            "\n");
  EXPECT_THAT(Out("remove", {"--source", "hand"}), HasSubstr("2 edges removed"));
  EXPECT_THAT(Exported(), HasSubstr("sleeping outdoors"));
  EXPECT_THAT(Out("remove", {"--expired"}), HasSubstr("0 edges removed"));
}

TEST_F(EdgesProgramTest, SaysWhatIsWrong) {
  const ProgramResult none = Edges("list");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("twohop edges import"));
  Out("import", {Path("edges.jsonl")});
  const ProgramResult unknown = Edges("edit", {"sleeping outdoors", "--add", "Boats"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("\"--add\": no category \"Boats\""));
  EXPECT_EQ(Edges("show", {"flying"}).exit_code, 1);
  EXPECT_EQ(Edges("remove").exit_code, 2);
}

}  // namespace
}  // namespace twohop
