#include "twohop/base/file.h"

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

class FileTest : public testing::Test {
 protected:
  std::filesystem::path At(std::string_view name) const { return dir_.path() / name; }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  TempDir dir_;
};

TEST_F(FileTest, ReadsWhatWasWrittenByteForByte) {
  const std::string content("a\0b\r\n\xFF", 6);
  ASSERT_THAT(WriteFileAtomically(At("f"), content), IsOk());
  EXPECT_EQ(ReadFile(At("f")), content);
}

TEST_F(FileTest, ReadsFilesLargerThanItsBuffer) {
  const std::string content(300'000, 'x');
  EXPECT_EQ(ReadFile(dir_.Write("f", content)), content);
}

TEST_F(FileTest, ReadingAFileThatIsNotThereIsNotFoundAndNamesIt) {
  EXPECT_THAT(ReadFile(At("absent")), FailsWith(ErrorCode::kNotFound, At("absent").string()));
}

TEST_F(FileTest, ReadingAFolderIsUnavailable) {
  EXPECT_THAT(ReadFile(dir_.path()), FailsWith(ErrorCode::kUnavailable, dir_.path().string()));
}

TEST_F(FileTest, WritingReplacesTheOldContentAndLeavesNothingElse) {
  dir_.Write("f", "a longer old content");
  ASSERT_THAT(WriteFileAtomically(At("f"), "new"), IsOk());
  EXPECT_EQ(ReadFile(At("f")), "new");
  EXPECT_THAT(Names(), testing::ElementsAre("f"));
}

TEST_F(FileTest, WritingMakesTheFolder) {
  ASSERT_THAT(WriteFileAtomically(At("a/b/f"), "x"), IsOk());
  EXPECT_EQ(ReadFile(At("a/b/f")), "x");
}

TEST_F(FileTest, WritingOverAFolderIsUnavailableAndLeavesNothingBehind) {
  ASSERT_THAT(MakeDirectories(At("folder")), IsOk());
  EXPECT_THAT(WriteFileAtomically(At("folder"), "x"),
              FailsWith(ErrorCode::kUnavailable, At("folder").string()));
  EXPECT_THAT(Names(), testing::ElementsAre("folder"));
}

TEST_F(FileTest, AFolderBelowAFileIsUnavailable) {
  dir_.Write("f", "");
  EXPECT_THAT(WriteFileAtomically(At("f/g"), "x"), FailsWith(ErrorCode::kUnavailable, "f"));
  EXPECT_THAT(MakeDirectories(At("f")), FailsWith(ErrorCode::kUnavailable, "f"));
}

TEST_F(FileTest, AnEmptyPathIsUnavailable) {
  EXPECT_THAT(MakeDirectories(""), FailsWith(ErrorCode::kUnavailable, "cannot create"));
  EXPECT_THAT(WriteFileAtomically("", "x"), FailsWith(ErrorCode::kUnavailable, "cannot"));
}

TEST_F(FileTest, AFolderThatIsThereAlreadyIsFine) {
  EXPECT_THAT(MakeDirectories(dir_.path()), IsOk());
}

TEST_F(FileTest, WritersAtOnceNeverLeaveAMixture) {
  const std::string all_a(200'000, 'a');
  const std::string all_b(200'000, 'b');
  const auto write = [&](const std::string& content) {
    for (int i = 0; i < 10; ++i) EXPECT_THAT(WriteFileAtomically(At("f"), content), IsOk());
  };
  write(all_a);
  std::atomic<bool> done = false;
  {
    std::jthread reader([&] {
      while (!done) {
        const auto content = ReadFile(At("f"));
        ASSERT_TRUE(content == all_a || content == all_b);
      }
    });
    {
      const std::jthread one(write, all_a);
      const std::jthread two(write, all_b);
    }
    done = true;
  }
  EXPECT_THAT(Names(), testing::ElementsAre("f"));
}

TEST_F(FileTest, AMappedFileShowsTheContent) {
  ASSERT_OK_AND_ASSIGN(const MappedFile file, MappedFile::Open(dir_.Write("f", "content")));
  EXPECT_EQ(file.bytes(), "content");
}

TEST_F(FileTest, AnEmptyFileCanBeMapped) {
  ASSERT_OK_AND_ASSIGN(const MappedFile file, MappedFile::Open(dir_.Write("f", "")));
  EXPECT_EQ(file.bytes(), "");
}

TEST_F(FileTest, AMappedFileKeepsTheOldBytesWhenTheFileIsReplaced) {
  ASSERT_OK_AND_ASSIGN(const MappedFile file, MappedFile::Open(dir_.Write("f", "old")));
  ASSERT_THAT(WriteFileAtomically(At("f"), "new and longer"), IsOk());
  EXPECT_EQ(file.bytes(), "old");
}

TEST_F(FileTest, AMappedFileMoves) {
  ASSERT_OK_AND_ASSIGN(MappedFile first, MappedFile::Open(dir_.Write("f", "first")));
  ASSERT_OK_AND_ASSIGN(MappedFile second, MappedFile::Open(dir_.Write("g", "second")));
  const MappedFile moved(std::move(first));
  EXPECT_EQ(moved.bytes(), "first");
  first = std::move(second);
  EXPECT_EQ(first.bytes(), "second");
}

TEST_F(FileTest, MappingNamesWhatItCannotMap) {
  EXPECT_THAT(MappedFile::Open(At("absent")), FailsWith(ErrorCode::kNotFound, "absent"));
  EXPECT_THAT(MappedFile::Open(dir_.path()),
              FailsWith(ErrorCode::kUnavailable, dir_.path().string()));
}

TEST(ErrnoErrorTest, FullDisksAreResourceExhaustedAndAbsenceIsNotFound) {
  const auto code = [](int value) { return ErrnoError("what", value).value().code(); };
  EXPECT_EQ(code(ENOSPC), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(EDQUOT), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(ENOENT), ErrorCode::kNotFound);
  EXPECT_EQ(code(EIO), ErrorCode::kUnavailable);
  EXPECT_EQ(ErrnoError("cannot do it", EIO).value().message(), "cannot do it: Input/output error");
}

}  // namespace
}  // namespace twohop
