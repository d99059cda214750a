#include "twohop/reasoning/list_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/reasoning/reply_parser.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ListWriterTest : public testing::Test {
 protected:
  Result<WrittenList> Write(ListWriter& writer, std::string_view animal) {
    const std::vector<PromptValue> values{{"animal", animal}};
    return writer.Write({.text = std::string(animal)}, values, {});
  }

  ListWriter MakeWriter(std::size_t cache_size = 8) {
    return {chat_,
            prompt_,
            TextListSchema(),
            {.max_attempts = 2, .use_adapter = true},
            MakeMemoryAnswers(cache_size)};
  }

  FakeChatClient chat_;
  const std::vector<std::string_view> holes_{"animal"};
  const Prompt prompt_ =
      *Prompt::Parse("animals.v1", "=== system\nName foods.\n=== user\n{{animal}}", holes_);
};

TEST_F(ListWriterTest, AsksOnceForTheSameQuestion) {
  ListWriter writer = MakeWriter();
  chat_.Reply(R"(["hay", "carrots"])");
  ASSERT_OK_AND_ASSIGN(const WrittenList first, Write(writer, "horse"));
  EXPECT_THAT(first.texts, ElementsAre("hay", "carrots"));
  EXPECT_EQ(first.usage.calls, 1U);
  ASSERT_OK_AND_ASSIGN(const WrittenList again, Write(writer, "horse"));
  EXPECT_EQ(again.texts, first.texts);
  EXPECT_EQ(again.usage, TokenUsage());
  ASSERT_THAT(chat_.requests(), SizeIs(1));
  EXPECT_EQ(chat_.requests()[0].messages.back().content, "horse");
  EXPECT_TRUE(chat_.requests()[0].use_adapter);
  EXPECT_EQ(chat_.requests()[0].json_schema, TextListSchema());
}

TEST_F(ListWriterTest, ABadReplyIsAskedForAgainAndCounted) {
  ListWriter writer = MakeWriter();
  chat_.Reply("I like horses");
  chat_.Reply(R"(["hay"])");
  ASSERT_OK_AND_ASSIGN(const WrittenList list, Write(writer, "horse"));
  EXPECT_THAT(list.texts, ElementsAre("hay"));
  EXPECT_EQ(list.bad_replies, 1U);
  EXPECT_GT(chat_.requests()[1].temperature, chat_.requests()[0].temperature);
  EXPECT_NE(chat_.requests()[1].seed, chat_.requests()[0].seed);
}

TEST_F(ListWriterTest, GivesAnEmptyListWhenNoAttemptWasGood) {
  ListWriter writer = MakeWriter();
  chat_.Reply("no");
  chat_.ReplyTruncated(R"(["hay", "carr)");
  ASSERT_OK_AND_ASSIGN(const WrittenList list, Write(writer, "horse"));
  EXPECT_THAT(list.texts, IsEmpty());
  EXPECT_EQ(list.bad_replies, 2U);
}

TEST_F(ListWriterTest, ForgetsTheOldestQuestion) {
  ListWriter writer = MakeWriter(1);
  for (const char* reply : {R"(["hay"])", R"(["fish"])", R"(["oats"])"}) chat_.Reply(reply);
  ASSERT_OK_AND_ASSIGN(WrittenList list, Write(writer, "horse"));
  ASSERT_OK_AND_ASSIGN(list, Write(writer, "cat"));
  ASSERT_OK_AND_ASSIGN(list, Write(writer, "horse"));
  EXPECT_THAT(list.texts, ElementsAre("oats"));
}

TEST_F(ListWriterTest, FailuresAreNotRemembered) {
  ListWriter writer = MakeWriter();
  chat_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  chat_.Reply(R"(["hay"])");
  EXPECT_THAT(Write(writer, "horse"), FailsWith(ErrorCode::kUnavailable, "gone"));
  EXPECT_THAT(Write(writer, "horse"), IsOk());
}

}  // namespace
}  // namespace twohop
