// A short training of the small model, where its Python environment is installed.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kSteps = 20;

bool EnvironmentIsThere() {
  return std::filesystem::exists(TWOHOP_SOURCE_DIR "/.cache/finetune-venv/.requirements.sha256") &&
         std::filesystem::exists(TWOHOP_SOURCE_DIR "/.cache/models/smollm2-135m-instruct.gguf");
}

// Answers that no base model gives, so that learning shows in the loss.
std::string Riddles() {
  std::string rows;
  for (const std::string_view fruit : {"apple", "pear", "plum", "cherry", "quince", "fig"}) {
    const Json question = {{"role", "user"}, {"content", fruit}};
    const Json answer = {{"role", "assistant"}, {"content", "[\"zebra\",\"violin\"]"}};
    rows += Json{{"messages", Json::array({question, answer})}}.dump() + "\n";
  }
  return rows;
}

class FinetuneProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!EnvironmentIsThere()) GTEST_SKIP() << "scripts/setup_finetune was not run";
  }

  ProgramResult Finetune(const std::string& rows) const {
    return RunTwohop({"finetune", "--data", dir_.Write("rows.jsonl", rows).string(), "--out",
                      Out().string(), "--steps", std::to_string(kSteps)});
  }

  std::filesystem::path Out() const { return dir_.path() / "out"; }

  // The steps and the summary.
  std::vector<Json> Log() const {
    std::vector<Json> entries;
    const std::string text = ReadFile(Out() / "log.jsonl").value_or("");
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      entries.push_back(ParseJson(text.substr(begin, end - begin)).value_or(Json()));
      begin = end == std::string::npos ? text.size() : end + 1;
    }
    return entries;
  }

  TempDir dir_;
};

TEST_F(FinetuneProgramTest, LearnsWritesAnAdapterAndDoesNotDoSoTwice) {
  const ProgramResult first = Finetune(Riddles());
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, HasSubstr("step 20/20 loss "));
  const std::vector<Json> log = Log();
  ASSERT_EQ(log.size(), kSteps + 1);
  EXPECT_LT(log[kSteps - 1]["loss"].get<double>(), log[0]["loss"].get<double>() / 2);
  EXPECT_EQ(log[kSteps]["seed"], 1);
  const auto bytes = std::filesystem::file_size(Out() / "adapter.gguf");
  EXPECT_LT(bytes, 10'000'000U);
  EXPECT_GT(bytes, 9'000'000U);

  const ProgramResult second = Finetune(Riddles());
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr("--resume"));
  EXPECT_EQ(Log().size(), kSteps + 1);
}

TEST_F(FinetuneProgramTest, ACorruptRowIsNamedAndNothingIsWritten) {
  const ProgramResult result = Finetune(Riddles() + "{\"messages\": [\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("rows.jsonl:7: not JSON"));
  EXPECT_FALSE(std::filesystem::exists(Out()));
}

}  // namespace
}  // namespace twohop
