#include "twohop/reasoning/user_text.h"

#include <fmt/format.h>

#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxFieldBytes = 40;

std::string JoinOr(const std::vector<std::string>& texts, std::string_view if_none) {
  if (texts.empty()) return std::string(if_none);
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::string ProfileText(const UserProfile& profile) {
  std::vector<std::string> fields;
  for (const std::string* field : {&profile.age_group, &profile.gender}) {
    const std::string clean = CleanSearch(*field, kMaxFieldBytes);
    if (!clean.empty()) fields.push_back(QuoteForPrompt(clean));
  }
  return JoinOr(fields, "not known");
}

std::string Level1Text(const Taxonomy& taxonomy, const std::vector<bool>& marked,
                       std::string_view if_none) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < taxonomy.level1_count(); ++i) {
    if (marked[i]) names.push_back(taxonomy.level1_name(Level1Index(i)));
  }
  return JoinOr(names, if_none);
}

std::string NumberedSearches(const std::vector<std::string>& searches) {
  std::string lines;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    lines += fmt::format("{}{}. {}", i == 0 ? "" : "\n", i + 1, QuoteForPrompt(searches[i]));
  }
  return lines;
}

}  // namespace twohop
