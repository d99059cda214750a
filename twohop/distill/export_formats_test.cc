#include "twohop/distill/export_formats.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"

namespace twohop {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::Not;

TrainingRow PlainRow() {
  return {.task = TrainingTask::kHop1,
          .subject = "tent",
          .messages = {{ChatRole::kSystem, "Hop 1."},
                       {ChatRole::kUser, "\"tent\" in Tents"},
                       {ChatRole::kAssistant, "[\"户外\"]"}},
          .categories = {}};
}

TrainingRow RowWithExample() {
  return {.task = TrainingTask::kTwoHop,
          .subject = "u1",
          .messages = {{ChatRole::kSystem, "Both hops."},
                       {ChatRole::kUser, "example question"},
                       {ChatRole::kAssistant, "example reply"},
                       {ChatRole::kUser, "question"},
                       {ChatRole::kAssistant, "reply"}},
          .categories = {}};
}

PreferencePair Pair() {
  return {.source = PairSource::kEdges,
          .prompt = {{ChatRole::kSystem, "Hop 2."}, {ChatRole::kUser, "camping"}},
          .chosen = "[\"Tents\"]",
          .rejected = "[\"Mugs\"]"};
}

std::string ContentOf(const std::vector<ExportFile>& files, const std::string& name) {
  for (const ExportFile& file : files) {
    if (file.name == name) return file.content;
  }
  return "no file " + name;
}

TEST(ExportFormatsTest, ChatHasMessagesOnALine) {
  const std::vector<TrainingRow> rows{PlainRow(), PlainRow()};
  const std::string line = R"({"messages":[{"role":"system","content":"Hop 1."},)"
                           R"({"role":"user","content":"\"tent\" in Tents"},)"
                           R"({"role":"assistant","content":"[\"户外\"]"}]})"
                           "\n";
  EXPECT_EQ(ToChatJsonl(rows), line + line);
}

TEST(ExportFormatsTest, CompletionSplitsThePromptFromTheReply) {
  EXPECT_EQ(ToCompletionJsonl({{PlainRow()}}),
            R"({"prompt":[{"role":"system","content":"Hop 1."},)"
            R"({"role":"user","content":"\"tent\" in Tents"}],)"
            R"("completion":[{"role":"assistant","content":"[\"户外\"]"}]})"
            "\n");
}

TEST(ExportFormatsTest, ShareGptNamesItsSpeakers) {
  EXPECT_EQ(ToShareGptJsonl({{PlainRow()}}),
            R"({"conversations":[{"from":"system","value":"Hop 1."},)"
            R"({"from":"human","value":"\"tent\" in Tents"},)"
            R"({"from":"gpt","value":"[\"户外\"]"}]})"
            "\n");
}

TEST(ExportFormatsTest, AlpacaKeepsTheQuestionInOneField) {
  const auto list = ParseJson(ToAlpacaJson({{PlainRow()}}, {}));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(*list, Json::parse(R"([{"instruction": "\"tent\" in Tents", "input": "",
                                    "output": "[\"户外\"]", "system": "Hop 1."}])"));
}

TEST(ExportFormatsTest, AlpacaHasHistoryInAllRowsIfAnyRowHasExamples) {
  const std::vector<TrainingRow> rows{PlainRow(), RowWithExample()};
  ASSERT_TRUE(HasExamples(rows));
  const Json list = *ParseJson(ToAlpacaJson(rows, {.has_examples = true}));
  EXPECT_EQ(list[0]["history"], Json::array());
  EXPECT_EQ(list[1]["history"], Json::parse(R"([["example question", "example reply"]])"));
  EXPECT_EQ(list[1]["instruction"], "question");
  EXPECT_FALSE(HasExamples({{PlainRow()}}));
}

TEST(ExportFormatsTest, PreferencesAreListsOfMessages) {
  EXPECT_EQ(ToPreferenceJsonl({{Pair()}}),
            R"({"prompt":[{"role":"system","content":"Hop 2."},)"
            R"({"role":"user","content":"camping"}],)"
            R"("chosen":[{"role":"assistant","content":"[\"Tents\"]"}],)"
            R"("rejected":[{"role":"assistant","content":"[\"Mugs\"]"}]})"
            "\n");
}

TEST(ExportFormatsTest, InvalidUtf8BecomesTheReplacementCharacter) {
  TrainingRow row = PlainRow();
  row.messages.back().content = "\xFF";
  EXPECT_THAT(ToChatJsonl({{row}}), HasSubstr("\xEF\xBF\xBD"));
}

TEST(ExportFormatsTest, DatasetInfoRegistersFilesThatAreThere) {
  const std::vector<TrainingRow> rows{PlainRow()};
  const std::vector<ExportFile> data = MakeDataFiles(rows, rows, {}, {.has_validation = true});
  std::set<std::string> names;
  for (const ExportFile& file : data) names.insert(file.name);
  const Json info =
      *ParseJson(ContentOf(MakeConfigFiles({.has_validation = true}), "dataset_info.json"));
  std::set<std::string> registered;
  for (const auto& entry : info) registered.insert(entry["file_name"].get<std::string>());
  EXPECT_EQ(registered.size(), 6U);
  EXPECT_THAT(registered, IsSubsetOf(names));
  EXPECT_EQ(info["twohop_train_sharegpt"]["columns"]["messages"], "conversations");
  EXPECT_EQ(info["twohop_train_alpaca"]["columns"]["response"], "output");
  EXPECT_FALSE(info["twohop_train_alpaca"]["columns"].contains("history"));
}

TEST(ExportFormatsTest, ConfigurationsNameWhatIsThereAlone) {
  const auto few = MakeConfigFiles({});
  EXPECT_THAT(ContentOf(few, "trl_sft.yaml"), Not(HasSubstr("eval_strategy")));
  EXPECT_THAT(ContentOf(few, "llamafactory_lora_sft.yaml"), Not(HasSubstr("validation")));
  EXPECT_THAT(ContentOf(few, "dataset_info.json"), Not(HasSubstr("validation")));
  EXPECT_EQ(ContentOf(few, "trl_dpo.yaml"), "no file trl_dpo.yaml");
  const auto all = MakeConfigFiles(
      {.has_validation = true, .has_examples = true, .has_preferences = true, .seed = 9});
  EXPECT_THAT(ContentOf(all, "trl_sft.yaml"),
              AllOf(HasSubstr("dataset_test_split: validation\n"), HasSubstr("seed: 9\n")));
  EXPECT_THAT(ContentOf(all, "llamafactory_lora_sft.yaml"),
              AllOf(HasSubstr("eval_dataset: twohop_validation_sharegpt\n"),
                    HasSubstr("mask_history: true")));
  EXPECT_THAT(ContentOf(all, "trl_dpo.yaml"), HasSubstr("loss_type:\n  - ipo\n"));
  EXPECT_THAT(ContentOf(all, "dataset_info.json"), HasSubstr("\"history\": \"history\""));
}

TEST(ExportFormatsTest, KnowsAllItsFileNames) {
  const std::vector<TrainingRow> rows{RowWithExample()};
  const std::vector<PreferencePair> pairs{Pair()};
  const ExportShape shape{.has_validation = true, .has_examples = true, .has_preferences = true};
  std::vector<std::string> names{"data_card.md"};
  for (const auto& file : MakeDataFiles(rows, rows, pairs, shape)) names.push_back(file.name);
  for (const auto& file : MakeConfigFiles(shape)) names.push_back(file.name);
  EXPECT_THAT(AllExportFileNames(), testing::UnorderedElementsAreArray(names));
}

}  // namespace
}  // namespace twohop
