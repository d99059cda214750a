#include "twohop/reasoning/blocklist.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/lookalikes.h"

namespace twohop {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<std::uint8_t>(c) < 0x80U; });
}

// The pattern of one entry; empty if it cannot be one.
std::string PatternOf(std::string_view entry) {
  const bool is_prefix = entry.ends_with('*');
  if (is_prefix) entry.remove_suffix(1);
  if (entry.find('*') != std::string_view::npos) return {};
  std::string normal = NormalizeName(entry);
  if (normal.empty() || !IsAscii(normal)) return normal;
  return fmt::format(" {}{}", normal, is_prefix ? "" : " ");
}

}  // namespace

Result<Blocklist> Blocklist::Parse(std::string_view text) {
  if (!IsValidUtf8(text)) return InvalidArgument("the blocklist is not valid UTF-8");
  Blocklist blocklist;
  std::size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    const std::string_view entry = Trim(line);
    if (entry.empty() || entry.starts_with('#')) continue;
    std::string pattern = PatternOf(entry);
    if (pattern.empty()) {
      return InvalidArgument(fmt::format("line {}: \"{}\" cannot be matched", number, entry));
    }
    blocklist.entries_.push_back(std::move(pattern));
  }
  return blocklist;
}

Result<Blocklist> Blocklist::Load(const std::filesystem::path& file) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  auto blocklist = Parse(text);
  if (!blocklist) return Annotate(blocklist, file.string());
  return blocklist;
}

bool Blocklist::Blocks(std::string_view text) const {
  return Matches(text) || (!IsAscii(text) && Matches(FoldLookalikes(text)));
}

bool Blocklist::Matches(std::string_view text) const {
  const std::string words = fmt::format(" {} ", NormalizeName(text));
  return std::any_of(entries_.begin(), entries_.end(), [&](const std::string& entry) {
    return words.find(entry) != std::string::npos;
  });
}

}  // namespace twohop
