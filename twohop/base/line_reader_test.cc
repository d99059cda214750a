#include "twohop/base/line_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class LineReaderTest : public testing::Test {
 protected:
  LineReader Open(std::string_view content, std::size_t limit = LineReader::kDefaultMaxLineBytes) {
    auto reader = LineReader::Open(dir_.Write("f.txt", content), limit);
    EXPECT_THAT(reader, IsOk());
    return *std::move(reader);
  }

  // Lines as "number@offset:text", with "!" behind those that were cut.
  std::vector<std::string> Lines(std::string_view content,
                                 std::size_t limit = LineReader::kDefaultMaxLineBytes) {
    LineReader reader = Open(content, limit);
    return Rest(reader);
  }

  static std::vector<std::string> Rest(LineReader& reader) {
    std::vector<std::string> lines;
    while (const auto line = reader.Next()) {
      lines.push_back(std::to_string(line->number) + "@" + std::to_string(line->offset) + ":" +
                      std::string(line->text) + (line->too_long ? "!" : ""));
    }
    EXPECT_THAT(reader.status(), IsOk());
    return lines;
  }

  TempDir dir_;
};

TEST_F(LineReaderTest, AnEmptyFileHasNoLines) { EXPECT_THAT(Lines(""), ElementsAre()); }

TEST_F(LineReaderTest, LinesHaveNumbersFromOneAndOffsets) {
  EXPECT_THAT(Lines("one\n\nthree\n"), ElementsAre("1@0:one", "2@4:", "3@5:three"));
}

TEST_F(LineReaderTest, TheLastLineMayLackItsNewline) {
  EXPECT_THAT(Lines("one\ntwo"), ElementsAre("1@0:one", "2@4:two"));
}

TEST_F(LineReaderTest, CarriageReturnsBelongToTheLineEnd) {
  EXPECT_THAT(Lines("one\r\nt\rwo\r\n"), ElementsAre("1@0:one", "2@5:t\rwo"));
}

TEST_F(LineReaderTest, AByteOrderMarkIsSkippedAtTheStartAlone) {
  EXPECT_THAT(Lines("\xEF\xBB\xBFone\n"), ElementsAre("1@3:one"));
  EXPECT_THAT(Lines("\xEF\xBB\xBF"), ElementsAre());
  EXPECT_THAT(Lines("one\n\xEF\xBB\xBFtwo"), ElementsAre("1@0:one", "2@4:\xEF\xBB\xBFtwo"));
}

TEST_F(LineReaderTest, AByteOrderMarkInsideALongFirstLineIsPartOfIt) {
  const std::string line = std::string(std::size_t{1} << 18U, 'x') + "\xEF\xBB\xBF";
  EXPECT_THAT(Lines(line), ElementsAre("1@0:" + line));
}

TEST_F(LineReaderTest, ALineAboveTheLimitIsCutAndTheNextOneIsWhole) {
  EXPECT_THAT(Lines("123456\nabc\n", 4), ElementsAre("1@0:1234!", "2@7:abc"));
  EXPECT_THAT(Lines("abc\n12345", 4), ElementsAre("1@0:abc", "2@4:1234!"));
}

TEST_F(LineReaderTest, ALineOfExactlyTheLimitIsWholeWhateverEndsIt) {
  EXPECT_THAT(Lines("1234\nabc", 4), ElementsAre("1@0:1234", "2@5:abc"));
  EXPECT_THAT(Lines("1234\r\nabc", 4), ElementsAre("1@0:1234", "2@6:abc"));
}

TEST_F(LineReaderTest, ACutLineKeepsItsFirstBytesEvenACarriageReturn) {
  EXPECT_THAT(Lines("123\r56\n", 4), ElementsAre("1@0:123\r!"));
}

TEST_F(LineReaderTest, LinesLongerThanTheBufferComeInOnePiece) {
  const std::string line(700'000, 'x');
  EXPECT_THAT(Lines(line + "\nend"), ElementsAre("1@0:" + line, "2@700001:end"));
}

TEST_F(LineReaderTest, ATenMegabyteLineIsReadInConstantMemory) {
  const std::string line(10'000'000, 'x');
  EXPECT_THAT(Lines(line + "\nend", 5), ElementsAre("1@0:xxxxx!", "2@10000001:end"));
}

TEST_F(LineReaderTest, ALineEndAtTheEdgeOfTheBufferIsSeen) {
  const std::string line((std::size_t{1} << 18U) - 1, 'x');
  EXPECT_THAT(Lines(line + "\r\nend"), ElementsAre("1@0:" + line, "2@262145:end"));
}

TEST_F(LineReaderTest, ALaterReaderContinuesWhereAnEarlierOneStopped) {
  LineReader first = Open("one\ntwo\nthree\n");
  first.Next();
  const auto two = first.Next();
  LineReader second = Open("one\ntwo\nthree\n");
  second.SeekTo(two->offset, two->number);
  EXPECT_THAT(Rest(second), ElementsAre("2@4:two", "3@8:three"));
}

TEST_F(LineReaderTest, SeeksBackAfterTheEnd) {
  LineReader reader = Open("one\ntwo");
  Rest(reader);
  reader.SeekTo(0, 1);
  EXPECT_THAT(Rest(reader), ElementsAre("1@0:one", "2@4:two"));
}

TEST_F(LineReaderTest, CountsTheBytesReadUpToTheFileSize) {
  LineReader reader = Open("\xEF\xBB\xBFone\r\ntwo");
  EXPECT_EQ(reader.file_bytes(), 11U);
  EXPECT_EQ(reader.bytes_read(), 0U);
  reader.Next();
  EXPECT_EQ(reader.bytes_read(), 8U);
  reader.Next();
  EXPECT_EQ(reader.bytes_read(), 11U);
}

TEST_F(LineReaderTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_THAT(LineReader::Open(dir_.path() / "absent"), FailsWith(ErrorCode::kNotFound, "absent"));
}

TEST_F(LineReaderTest, AFolderIsInvalid) {
  EXPECT_THAT(LineReader::Open(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "not a regular file"));
}

TEST_F(LineReaderTest, AFailingDiskIsUnavailableAndNotTheEnd) {
  // Address 0 of a process is never mapped: reading it is an I/O error.
  ASSERT_OK_AND_ASSIGN(LineReader reader, LineReader::Open("/proc/self/mem"));
  EXPECT_EQ(reader.Next(), std::nullopt);
  EXPECT_THAT(reader.status(), FailsWith(ErrorCode::kUnavailable, "/proc/self/mem"));
}

}  // namespace
}  // namespace twohop
