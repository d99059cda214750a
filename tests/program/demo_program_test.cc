// The demo from an empty folder to its report, with the real models and a small community.

#include <filesystem>
#include <string>

#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using ::testing::HasSubstr;

bool ModelsAreThere() {
  return std::filesystem::exists(TWOHOP_SOURCE_DIR "/.cache/models/smollm2-135m-instruct.gguf");
}

class DemoProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!ModelsAreThere()) GTEST_SKIP() << "scripts/setup has not fetched the models";
  }

  ProgramResult RunDemo() const {
    return RunTwohop({"demo", "--workspace", Workspace(), "--users", "150", "--items", "800",
                      "--days", "30", "--reason-users", "4", "--exit"});
  }

  ProgramResult Recall(const std::string& user) const {
    return RunTwohop({"recall", "--workspace", Workspace(), "--user", user, "-k", "10"});
  }

  std::string Workspace() const { return (dir_.path() / "workspace").string(); }

  TempDir dir_;
};

TEST_F(DemoProgramTest, RunsFromNothingToItsReportAndDoesNothingTwice) {
  const ProgramResult first = RunDemo();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, HasSubstr("0 rejected rows"));
  EXPECT_THAT(first.out, HasSubstr("4 refreshed"));
  EXPECT_THAT(first.out, HasSubstr("novelty channel    100.0 %"));

  const ProgramResult second = RunDemo();
  ASSERT_EQ(second.exit_code, 0) << second.out << second.err;
  for (const char* stage :
       {"community", "import", "category vectors", "dual tower", "bundle", "edges"}) {
    EXPECT_THAT(second.out, ::testing::ContainsRegex(std::string(stage) + " +up to date"));
  }
  EXPECT_THAT(second.out, HasSubstr("4 fresh"));
  EXPECT_THAT(second.out, HasSubstr("nothing was asked"));

  const ProgramResult known = Recall("u00001");
  EXPECT_EQ(known.exit_code, 0) << known.err;
  EXPECT_THAT(known.out, HasSubstr("clicks in"));

  const ProgramResult unknown = Recall("nobody");
  EXPECT_EQ(unknown.exit_code, 0) << unknown.err;
  EXPECT_THAT(unknown.out, HasSubstr("degraded: unknown_user"));
  EXPECT_THAT(unknown.out, HasSubstr("popular"));
}

}  // namespace
}  // namespace twohop
