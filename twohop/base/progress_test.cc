#include "twohop/base/progress.h"

#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "twohop/base/testing/manual_clock.h"

namespace twohop {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::HasSubstr;
using testing::Not;

// A stage shown in a stream that is no terminal.
class ProgressLinesTest : public testing::Test {
 protected:
  ~ProgressLinesTest() override {
    stage_.reset();
    std::fclose(out_);
  }

  void Begin(std::uint64_t total) { stage_ = MakeProgress(out_, clock_)->Begin("import", total); }
  void End() { stage_.reset(); }

  std::string Shown() {
    std::string text(static_cast<std::size_t>(std::ftell(out_)), '\0');
    std::rewind(out_);
    text.resize(std::fread(text.data(), 1, text.size(), out_));
    std::fseek(out_, 0, SEEK_END);  // A stream needs it between reading and writing.
    return text;
  }

  ManualClock clock_;
  std::FILE* out_ = std::tmpfile();
  std::unique_ptr<ProgressStage> stage_;
};

TEST_F(ProgressLinesTest, PrintsALineAtTheStartAndOneAtTheEnd) {
  Begin(100);
  stage_->Update(100);
  clock_.Advance(2500ms);
  End();
  EXPECT_EQ(Shown(), "import ...\nimport                             100 2.5 s\n");
}

TEST_F(ProgressLinesTest, PrintsAtMostEveryTenSeconds) {
  Begin(100);
  clock_.Advance(9s);
  stage_->Update(10);
  clock_.Advance(1s);
  stage_->Update(20);
  stage_->Update(21);
  clock_.Advance(9s);
  stage_->Update(30);
  EXPECT_EQ(Shown(), "import ...\nimport 20 of 100 (20%)\n");
}

TEST_F(ProgressLinesTest, AnUnknownTotalShowsTheCount) {
  Begin(0);
  clock_.Advance(10s);
  stage_->Update(7);
  EXPECT_EQ(Shown(), "import ...\nimport 7\n");
}

TEST_F(ProgressLinesTest, ANoteIsShownWithTheStage) {
  Begin(100);
  stage_->Note("loss 0.41");
  clock_.Advance(10s);
  stage_->Update(50);
  stage_->Note("loss 0.39");
  End();
  EXPECT_THAT(Shown(), HasSubstr("(50%)  loss 0.41\n"));
  EXPECT_THAT(Shown(), HasSubstr("loss 0.39\n"));
}

TEST_F(ProgressLinesTest, UpdatesOutOfOrderNeverMoveItBackwards) {
  Begin(100);
  stage_->Update(60);
  stage_->Update(50);
  End();
  EXPECT_THAT(Shown(), HasSubstr(" 60 "));
}

TEST_F(ProgressLinesTest, MoreThanTheTotalIsShownAsAllOfIt) {
  Begin(100);
  clock_.Advance(10s);
  stage_->Update(150);
  EXPECT_THAT(Shown(), HasSubstr("(100%)"));
}

TEST_F(ProgressLinesTest, ThreadsThatUpdateAtOncePrintOneLine) {
  Begin(1000);
  clock_.Advance(10s);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([this, t] {
        for (std::uint64_t i = 1; i <= 100; ++i) stage_->Update(t * 100 + i);
      });
    }
  }
  EXPECT_THAT(Shown(),
              testing::ContainsRegex("^import \\.\\.\\.\nimport [0-9]+ of 1000 .*%\\)\n$"));
}

// The other end of a terminal.
class ProgressBarTest : public testing::Test {
 protected:
  void SetUp() override {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
      GTEST_SKIP() << "no pseudo terminals here";
    }
    terminal_ = std::fopen(::ptsname(master_), "w");
    ASSERT_NE(terminal_, nullptr);
    stage_ = MakeProgress(terminal_, clock_)->Begin("train", 4);
  }
  ~ProgressBarTest() override {
    stage_.reset();
    if (terminal_ != nullptr) std::fclose(terminal_);
    if (master_ >= 0) ::close(master_);
  }

  std::string Shown() const {
    std::string text;
    std::string buffer(4096, '\0');
    pollfd ready{.fd = master_, .events = POLLIN, .revents = 0};
    while (::poll(&ready, 1, 0) == 1) {
      const ssize_t got = ::read(master_, buffer.data(), buffer.size());
      if (got <= 0) break;
      text.append(buffer, 0, static_cast<std::size_t>(got));
    }
    return text;
  }

  ManualClock clock_;
  int master_ = -1;
  std::FILE* terminal_ = nullptr;
  std::unique_ptr<ProgressStage> stage_;
};

TEST_F(ProgressBarTest, IsRedrawnInPlace) {
  clock_.Advance(100ms);
  stage_->Update(1);
  clock_.Advance(100ms);
  stage_->Update(2);
  const std::string shown = Shown();
  EXPECT_THAT(shown, HasSubstr("[######..................] 1 of 4 (25%)"));
  EXPECT_THAT(shown, HasSubstr("\r\x1b[2Ktrain"));
  EXPECT_THAT(shown, HasSubstr("[############............] 2 of 4 (50%)"));
  EXPECT_THAT(shown, Not(HasSubstr("\n")));
}

TEST_F(ProgressBarTest, LeavesOneLineBehind) {
  stage_->Update(4);
  stage_.reset();
  EXPECT_THAT(Shown(), testing::EndsWith("4 0 ms\r\n"));
}

TEST(SilentProgressTest, TakesUpdatesAndNotes) {
  const auto stage = MakeSilentProgress()->Begin("x", 10);
  stage->Update(5);
  stage->Note("y");
}

}  // namespace
}  // namespace twohop
