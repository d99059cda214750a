#include "twohop/reasoning/prompt.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::string_view kMarker = "=== ";

std::optional<ChatRole> FindRole(std::string_view name) {
  if (name == "system") return ChatRole::kSystem;
  if (name == "user") return ChatRole::kUser;
  if (name == "assistant") return ChatRole::kAssistant;
  return std::nullopt;
}

}  // namespace

class Prompt::Parser {
 public:
  Parser(std::string_view version, std::span<const std::string_view> holes)
      : version_(version), holes_(holes) {}

  Result<std::vector<Message>> Parse(std::string_view text) {
    for (std::string_view line : Split(text, '\n')) {
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      TWOHOP_RETURN_IF_ERROR(TakeLine(line));
    }
    TWOHOP_RETURN_IF_ERROR(EndMessage());
    TWOHOP_RETURN_IF_ERROR(CheckOrder());
    TWOHOP_RETURN_IF_ERROR(CheckHoles());
    return std::move(messages_);
  }

 private:
  tl::unexpected<Error> Wrong(std::size_t line, std::string_view what) const {
    return InvalidArgument(fmt::format("prompt {}, line {}: {}", version_, line, what));
  }

  Status TakeLine(std::string_view line) {
    if (!line.starts_with(kMarker)) {
      if (!starts_.empty()) body_.append(line).push_back('\n');
      return Ok();
    }
    const std::string_view name = Trim(line.substr(kMarker.size()));
    const auto role = FindRole(name);
    if (!role) return Wrong(line_, fmt::format("no message is called \"{}\"", name));
    TWOHOP_RETURN_IF_ERROR(EndMessage());
    messages_.push_back({.role = *role, .pieces = {}});
    starts_.push_back(line_);
    return Ok();
  }

  Status EndMessage() {
    if (starts_.empty()) return Ok();
    const std::string body = std::exchange(body_, {});
    const std::string_view text = Trim(body);
    if (text.empty()) return Wrong(starts_.back(), "the message is empty");
    return TakePieces(text);
  }

  Status TakePieces(std::string_view text) {
    std::vector<Piece>& pieces = messages_.back().pieces;
    while (!text.empty()) {
      const std::size_t open = text.find("{{");
      if (open != 0) pieces.push_back({.text = std::string(text.substr(0, open))});
      if (open == std::string_view::npos) break;
      const std::size_t close = text.find("}}", open);
      if (close == std::string_view::npos) return Wrong(starts_.back(), "\"{{\" without \"}}\"");
      const std::string_view hole = text.substr(open + 2, close - open - 2);
      const auto known = std::find(holes_.begin(), holes_.end(), hole);
      if (known == holes_.end()) {
        return Wrong(starts_.back(), fmt::format("unknown hole \"{}\"", hole));
      }
      pieces.push_back({.text = std::string(hole), .is_hole = true});
      seen_.insert(*known);
      text.remove_prefix(close + 2);
    }
    return Ok();
  }

  Status CheckOrder() const {
    if (messages_.size() < 2 || messages_.front().role != ChatRole::kSystem ||
        messages_.back().role != ChatRole::kUser) {
      return Wrong(line_, "a prompt begins with \"=== system\" and ends with a \"=== user\"");
    }
    for (std::size_t i = 1; i < messages_.size(); ++i) {
      const ChatRole expected = i % 2 == 1 ? ChatRole::kUser : ChatRole::kAssistant;
      if (messages_[i].role != expected) {
        return Wrong(starts_[i], "user and assistant messages must take turns");
      }
    }
    return Ok();
  }

  Status CheckHoles() const {
    for (std::size_t i = 1; i + 1 < messages_.size(); ++i) {
      for (const Piece& piece : messages_[i].pieces) {
        if (piece.is_hole) {
          return Wrong(starts_[i], fmt::format("hole \"{}\" inside an example", piece.text));
        }
      }
    }
    for (const std::string_view hole : holes_) {
      if (!seen_.contains(hole)) return Wrong(line_, fmt::format("hole \"{}\" is missing", hole));
    }
    return Ok();
  }

  std::string_view version_;
  std::span<const std::string_view> holes_;
  std::size_t line_ = 0;
  std::vector<Message> messages_;
  std::vector<std::size_t> starts_;  // The marker's line, of each message.
  std::string body_;
  std::set<std::string_view> seen_;
};

Result<Prompt> Prompt::Parse(std::string version, std::string_view text,
                             std::span<const std::string_view> holes) {
  Prompt prompt;
  TWOHOP_ASSIGN_OR_RETURN(prompt.messages_, Parser(version, holes).Parse(text));
  prompt.version_ = std::move(version);
  return prompt;
}

Result<Prompt> Prompt::Load(const std::filesystem::path& folder, std::string_view version,
                            std::span<const std::string_view> holes) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string text,
                          ReadFile(folder / fmt::format("{}.txt", version)));
  return Parse(std::string(version), text, holes);
}

std::string Prompt::instructions() const {
  std::string text;
  for (const Piece& piece : messages_.front().pieces) text += piece.is_hole ? " " : piece.text;
  return text;
}

bool Prompt::HasHole(std::string_view name) const {
  const auto is_it = [&](const Piece& piece) { return piece.is_hole && piece.text == name; };
  return std::any_of(messages_.begin(), messages_.end(), [&](const Message& message) {
    return std::any_of(message.pieces.begin(), message.pieces.end(), is_it);
  });
}

Prompt Prompt::WithoutExamples() const {
  Prompt prompt;
  prompt.version_ = version_;
  prompt.messages_ = {messages_.front(), messages_.back()};
  return prompt;
}

std::vector<ChatMessage> Prompt::Render(std::span<const PromptValue> values) const {
  std::vector<ChatMessage> rendered;
  for (const Message& message : messages_) {
    std::string content;
    for (const Piece& piece : message.pieces) {
      if (!piece.is_hole) {
        content.append(piece.text);
        continue;
      }
      const auto value = std::find_if(values.begin(), values.end(),
                                      [&](const PromptValue& v) { return v.hole == piece.text; });
      TWOHOP_CHECK(value != values.end());
      content.append(value->text);
    }
    rendered.push_back({.role = message.role, .content = std::move(content)});
  }
  return rendered;
}

}  // namespace twohop
