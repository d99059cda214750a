#include "apps/twohop/distill_export_pipeline.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/base/text.h"

namespace twohop::app {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::SizeIs;

const fs::path kCommunity = fs::path(TWOHOP_SOURCE_DIR) / "data" / "community";

std::map<std::string, std::string> FilesIn(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), folder).string()] = *ReadFile(entry.path());
  }
  return files;
}

std::string FirstLines(const fs::path& file, int count) {
  std::ifstream in(file);
  std::string lines;
  std::string line;
  for (int i = 0; i < count && std::getline(in, line); ++i) lines += line + "\n";
  return lines;
}

// An export of the first traces and edges of the demo community.
class DistillExportTest : public testing::Test {
 protected:
  DistillExportTest() {
    options_.taxonomy = kCommunity / "taxonomy.tsv";
    options_.traces = {dir_.Write("traces.jsonl", FirstLines(kCommunity / "teacher.jsonl", 40))};
    options_.edges = {dir_.Write("edges.jsonl", FirstLines(kCommunity / "demand_edges.jsonl", 40))};
    options_.out = dir_.path() / "out";
    options_.split.validation_share = 0.2;
  }

  Result<DataCard> Export() {
    bad_lines_.clear();
    return ExportTrainingData(options_, prompts_,
                              [this](std::string_view line) { bad_lines_.emplace_back(line); });
  }

  std::map<std::string, std::string> ExportedFiles() {
    EXPECT_THAT(Export(), IsOk());
    return FilesIn(options_.out);
  }

  std::set<std::string> QuestionsIn(const std::string& file) const {
    std::set<std::string> questions;
    const std::string text = *ReadFile(options_.out / file);
    for (const std::string_view line : Split(text, '\n')) {
      if (line.empty()) continue;
      const Json row = *ParseJson(line);
      questions.insert(row["messages"][1]["content"].get<std::string>());
    }
    return questions;
  }

  TempDir dir_;
  PromptSet prompts_ = *LoadPromptSet(fs::path(TWOHOP_SOURCE_DIR) / "prompts");
  DistillExportOptions options_;
  std::vector<std::string> bad_lines_;
};

TEST_F(DistillExportTest, WritesEveryFormatAndACard) {
  const auto files = ExportedFiles();
  EXPECT_THAT(files, SizeIs(14));
  EXPECT_THAT(files, AllOf(Contains(Key("train.chat.jsonl")), Contains(Key("data_card.md")),
                           Contains(Key("completion/validation.jsonl")),
                           Contains(Key("preferences.jsonl")), Contains(Key("trl_dpo.yaml"))));
  EXPECT_THAT(files.at("data_card.md"), HasSubstr("| hop2 | edges |"));
}

TEST_F(DistillExportTest, SameInputsAndSeedSameBytes) {
  const auto first = ExportedFiles();
  options_.out = dir_.path() / "again";
  EXPECT_EQ(ExportedFiles(), first);
  options_.out = dir_.path() / "other";
  options_.rows.seed = 2;
  EXPECT_NE(ExportedFiles().at("train.chat.jsonl"), first.at("train.chat.jsonl"));
}

TEST_F(DistillExportTest, NoQuestionIsOnBothSides) {
  ASSERT_THAT(Export(), IsOk());
  const std::set<std::string> training = QuestionsIn("train.chat.jsonl");
  std::set<std::string> shared;
  for (const std::string& question : QuestionsIn("validation.chat.jsonl")) {
    if (training.contains(question)) shared.insert(question);
  }
  EXPECT_THAT(shared, IsEmpty());
}

TEST_F(DistillExportTest, NamesEveryBadLineAndUsesTheRest) {
  std::ofstream(options_.traces[0], std::ios::app) << "{\"user_id\"\n[]\n";
  const auto card = Export();
  ASSERT_THAT(card, IsOk());
  EXPECT_THAT(bad_lines_, ElementsAre(HasSubstr("traces.jsonl:41: "),
                                      HasSubstr("traces.jsonl:42: the line is not a JSON object")));
  EXPECT_EQ(card->inputs[1].rows, 40U);
  EXPECT_EQ(card->inputs[1].bad_lines, 2U);
}

TEST_F(DistillExportTest, FileWithoutAGoodLineIsAnErrorAndNothingIsWritten) {
  options_.edges = {dir_.Write("bad.jsonl", "{}\n{}\n")};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "bad.jsonl: all 2 lines are bad"));
  EXPECT_THAT(bad_lines_, SizeIs(2));
  options_.edges = {dir_.Write("empty.jsonl", "")};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "empty.jsonl: the file is empty"));
  EXPECT_FALSE(fs::exists(options_.out));
}

TEST_F(DistillExportTest, MissingInputIsNamed) {
  options_.traces = {dir_.path() / "none.jsonl"};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kNotFound, "none.jsonl"));
  options_.taxonomy = dir_.path() / "none.tsv";
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kNotFound, "none.tsv"));
}

TEST_F(DistillExportTest, RefusesAFolderThatHoldsSomethingUnlessToldToReplace) {
  fs::create_directories(options_.out);
  std::ofstream(options_.out / "notes.txt") << "mine";
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kFailedPrecondition, "--force"));
  options_.replace = true;
  EXPECT_EQ(ExportedFiles().at("notes.txt"), "mine");
}

TEST_F(DistillExportTest, ReplacingLeavesNoFileOfTheEarlierExport) {
  ASSERT_THAT(Export(), IsOk());
  options_.replace = true;
  options_.split.validation_share = 0.0;
  EXPECT_THAT(ExportedFiles(),
              AllOf(Contains(Key("train.chat.jsonl")), Not(Contains(Key("validation.chat.jsonl"))),
                    Not(Contains(Key("completion/validation.jsonl")))));
}

TEST_F(DistillExportTest, FolderThatCannotBeWrittenIsAnError) {
  options_.out = dir_.Write("file", "") / "out";
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kUnavailable, "file"));
  options_.out = dir_.path() / "file";
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kFailedPrecondition, "is not a folder"));
}

TEST_F(DistillExportTest, PersonalDataReachNoFile) {
  options_.edges = {dir_.Write(
      "edges.jsonl",
      R"({"demand": "writing to jo@example.org", "calls_for": ["Shorts"], "stretch": ["Socks"]})")};
  options_.split.validation_share = 0.0;
  const auto card = Export();
  ASSERT_THAT(card, IsOk());
  EXPECT_EQ(card->rejected[static_cast<std::size_t>(RowRejection::kPersonalData)], 2U);
  EXPECT_EQ(card->unfit_pairs, 1U);
  for (const auto& [name, content] : FilesIn(options_.out)) {
    EXPECT_THAT(content, Not(HasSubstr("jo@example.org"))) << name;
  }
}

TEST_F(DistillExportTest, LabelsAndAnswersGivePairs) {
  options_.labels = kCommunity / "dev_labels.jsonl";
  options_.answers = {kCommunity / "dev_teacher.jsonl"};
  options_.edges.clear();
  const auto card = Export();
  ASSERT_THAT(card, IsOk());
  ASSERT_THAT(card->pairs, Not(IsEmpty()));
  EXPECT_EQ(card->pairs[0].source, PairSource::kLabels);
}

TEST_F(DistillExportTest, NothingLeftIsAnError) {
  prompts_.blocklist =
      *Blocklist::Parse("a*\ne*\ni*\no*\nu*\nb*\nc*\nd*\nf*\ng*\nh*\nr*\ns*\nt*\n");
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "no training row is left"));
  EXPECT_FALSE(fs::exists(options_.out));
}

TEST_F(DistillExportTest, OptionsNameWhatIsMissing) {
  options_.answers = {kCommunity / "dev_teacher.jsonl"};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "labels and answers"));
  options_ = {};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "neither traces nor edges"));
  options_.edges = {"edges.jsonl"};
  EXPECT_THAT(Export(), FailsWith(ErrorCode::kInvalidArgument, "folder"));
}

}  // namespace
}  // namespace twohop::app
