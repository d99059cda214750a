// Prompts: versioned text files with holes.

#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

struct PromptValue {
  std::string_view hole;
  std::string_view text;
};

// The messages of one request, with holes where a user's data go.
//
// A file is named `<name>.v<N>.txt`, and a version that has produced stored results is never
// edited. A line that is `=== system`, `=== user` or `=== assistant` begins a message; the first
// one is the system message and occurs once, the last one is the user's. Messages in between are
// examples. Lines before the first marker are comments. `{{name}}` is a hole. Only the last message
// and the system message may have holes: what is the same for all users stands in front, where the
// server's prefix cache finds it again.
//
// Immutable. Thread-safe.
class Prompt {
 public:
  // `holes` are the names the caller will fill, each of which must occur.
  //
  // Errors: kInvalidArgument, naming `version` and the line, if the text has no messages in that
  // order, an unknown marker, an empty message, an unknown, missing or misplaced hole, or "{{"
  // without "}}".
  static Result<Prompt> Parse(std::string version, std::string_view text,
                              std::span<const std::string_view> holes);

  // Reads `<folder>/<version>.txt`.
  //
  // Errors: kNotFound if there is no such file; kUnavailable if it cannot be read; those of Parse.
  static Result<Prompt> Load(const std::filesystem::path& folder, std::string_view version,
                             std::span<const std::string_view> holes);

  // "two_hop.v1"; goes into Provenance.
  const std::string& version() const { return version_; }

  // The system message, with a blank in place of each hole.
  std::string instructions() const;

  bool HasHole(std::string_view name) const;

  // The same without the messages between the system message and the last one.
  Prompt WithoutExamples() const;

  // The messages with every hole filled. Values are put in as they are: a hole inside a value stays
  // text.
  //
  // REQUIRES: `values` fills every hole.
  std::vector<ChatMessage> Render(std::span<const PromptValue> values) const;

 private:
  // A literal, or a hole where `is_hole`.
  struct Piece {
    std::string text;
    bool is_hole = false;
  };
  struct Message {
    ChatRole role = ChatRole::kUser;
    std::vector<Piece> pieces;
  };
  class Parser;

  Prompt() = default;

  std::string version_;
  std::vector<Message> messages_;
};

}  // namespace twohop
