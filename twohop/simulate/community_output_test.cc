#include "twohop/simulate/community_output.h"

#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CommunityOutputTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<CommunityOutput>> Open() const {
    return OpenCommunityFolder(folder_, truth_);
  }

  static std::set<std::string> NamesIn(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  TempDir dir_;
  fs::path folder_ = dir_.path() / "community";
  fs::path truth_ = dir_.path() / "evaluation" / "truth.jsonl";
};

TEST_F(CommunityOutputTest, FilesGetTheirNamesWhenAllAreWritten) {
  ASSERT_OK_AND_ASSIGN(const auto output, Open());
  ASSERT_THAT(output->Append(CommunityFile::kEvents, "one\n"), IsOk());
  ASSERT_THAT(output->Append(CommunityFile::kEvents, "two\n"), IsOk());
  EXPECT_FALSE(fs::exists(folder_ / "events.jsonl"));
  ASSERT_THAT(output->Finish(), IsOk());
  EXPECT_EQ(*ReadFile(folder_ / "events.jsonl"), "one\ntwo\n");
  EXPECT_THAT(NamesIn(folder_),
              ElementsAre("events.jsonl", "items.jsonl", "taxonomy.tsv", "users.jsonl"));
}

TEST_F(CommunityOutputTest, TheTruthLiesElsewhere) {
  ASSERT_OK_AND_ASSIGN(const auto output, Open());
  ASSERT_THAT(output->Append(CommunityFile::kTruth, "secret\n"), IsOk());
  ASSERT_THAT(output->Finish(), IsOk());
  EXPECT_EQ(*ReadFile(truth_), "secret\n");
}

TEST_F(CommunityOutputTest, ATruthInTheCommunitysFolderIsRefused) {
  EXPECT_THAT(OpenCommunityFolder(folder_, folder_ / "truth.jsonl"),
              FailsWith(ErrorCode::kInvalidArgument, "truth.jsonl"));
  EXPECT_THAT(OpenCommunityFolder(folder_, folder_ / "sub" / "truth.jsonl"),
              FailsWith(ErrorCode::kInvalidArgument, "truth.jsonl"));
}

TEST_F(CommunityOutputTest, WithoutFinishNothingIsLeft) {
  { ASSERT_OK_AND_ASSIGN(const auto output, Open()); }
  EXPECT_THAT(NamesIn(folder_), IsEmpty());
}

TEST_F(CommunityOutputTest, AnOlderCommunityIsReplacedOnlyByFinish) {
  ASSERT_THAT(WriteFileAtomically(folder_ / "items.jsonl", "old\n"), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto output, Open());
  ASSERT_THAT(output->Append(CommunityFile::kItems, "new\n"), IsOk());
  EXPECT_EQ(*ReadFile(folder_ / "items.jsonl"), "old\n");
  ASSERT_THAT(output->Finish(), IsOk());
  EXPECT_EQ(*ReadFile(folder_ / "items.jsonl"), "new\n");
}

TEST_F(CommunityOutputTest, AFolderThatIsAFileIsUnavailable) {
  ASSERT_THAT(WriteFileAtomically(folder_, "in the way"), IsOk());
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kUnavailable, "community"));
}

TEST_F(CommunityOutputTest, AFullDiskIsExhausted) {
  // Writing to /dev/full fails as a full disk does.
  fs::create_directories(folder_);
  fs::create_symlink("/dev/full", folder_ / "events.jsonl.part");
  ASSERT_OK_AND_ASSIGN(const auto output, Open());
  const std::string megabyte(1U << 20U, 'x');
  EXPECT_THAT(output->Append(CommunityFile::kEvents, megabyte),
              FailsWith(ErrorCode::kResourceExhausted, "events.jsonl"));
}

TEST_F(CommunityOutputTest, AFullDiskIsNoticedAtTheEndAtTheLatest) {
  fs::create_directories(folder_);
  fs::create_symlink("/dev/full", folder_ / "events.jsonl.part");
  ASSERT_OK_AND_ASSIGN(const auto output, Open());
  ASSERT_THAT(output->Append(CommunityFile::kEvents, "buffered\n"), IsOk());
  EXPECT_THAT(output->Finish(), FailsWith(ErrorCode::kResourceExhausted, "events.jsonl"));
  EXPECT_FALSE(fs::exists(folder_ / "items.jsonl"));
}

}  // namespace
}  // namespace twohop
