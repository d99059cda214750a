#include "twohop/llm/prompt_redaction.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

const ChatRequest kRequest{
    .messages = {{ChatRole::kSystem, "Name the need behind searches."},
                 {ChatRole::kUser, "1. treatment for a rare condition\n2. tent"}}};

TEST(PromptRedactionTest, QuotesOfAnyMessageAreHidden) {
  EXPECT_EQ(WithoutPrompt("bad input 'treatment for a rare condition' after 'Name the need behind'",
                          kRequest),
            "bad input '[prompt]' after '[prompt]'");
}

TEST(PromptRedactionTest, AWholePromptIsOneQuote) {
  EXPECT_EQ(WithoutPrompt(kRequest.messages[1].content, kRequest), "[prompt]");
}

TEST(PromptRedactionTest, OtherTextStays) {
  EXPECT_EQ(WithoutPrompt("the model server answers 503: overloaded", kRequest),
            "the model server answers 503: overloaded");
  EXPECT_EQ(WithoutPrompt("", kRequest), "");
}

TEST(PromptRedactionTest, AQuoteOfAFewBytesCannotBeTold) {
  EXPECT_EQ(WithoutPrompt("no tent here", kRequest), "no tent here");
}

}  // namespace
}  // namespace twohop
