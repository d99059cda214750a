#include "apps/twohop/recall_report.h"

#include <algorithm>
#include <vector>

#include "apps/twohop/text_table.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"

namespace twohop::app {
namespace {

constexpr std::size_t kShownSearches = 6;
constexpr std::size_t kTitleBytes = 48;

std::string DescribeSearches(const UserState& user) {
  if (user.searches.empty()) return "none";
  std::vector<std::string> quoted;
  for (const SearchRecord& search : user.searches) {
    if (quoted.size() == kShownSearches) {
      quoted.push_back(fmt::format("and {} more", user.searches.size() - kShownSearches));
      break;
    }
    quoted.push_back(fmt::format("\"{}\"", search.query));
  }
  return fmt::format("{}", fmt::join(quoted, ", "));
}

std::string OrUnknown(const std::string& text) { return text.empty() ? "unknown" : text; }

}  // namespace

std::string DescribeUser(const UserState& user) {
  const std::vector<std::string> level1 = ClickedLevel1(user);
  return fmt::format(
      "user {}: age {}, gender {}\n"
      "  clicks in   {} (last {} clicks)\n"
      "  searches    {}\n",
      user.profile.id.value(), OrUnknown(user.profile.age_group), OrUnknown(user.profile.gender),
      level1.empty() ? "nothing yet" : fmt::format("{}", fmt::join(level1, ", ")),
      user.clicks.size(), DescribeSearches(user));
}

std::string DescribeInterests(const UserState& user) {
  if (!user.interests.has_value()) return "  no latent interests yet: `twohop reason` finds them\n";
  if (user.interests->interests.empty())
    return "  reasoning found no latent interest that stands\n";
  std::string out;
  for (const LatentInterest& interest : user.interests->interests) {
    out += fmt::format("  {} [{}]  {} grounding, confidence {:.2f}\n", PathInWords(interest),
                       interest.level1, GroundingName(interest.grounding), interest.confidence);
  }
  return out;
}

std::string DescribeRecall(const RecallResponse& response, const Catalog& catalog) {
  TextTable table({"", "item", "category", "channel", "new", "why"});
  for (std::size_t i = 0; i < response.items.size(); ++i) {
    const RecalledItem& recalled = response.items[i];
    const Item& item = catalog.at(recalled.item);
    table.AddRow({fmt::format("{}", i + 1), Ellipsize(item.title, kTitleBytes),
                  catalog.taxonomy().label(item.category),
                  std::string(ChannelName(recalled.channel)), recalled.novel ? "new" : "",
                  recalled.reason});
  }
  std::string out = table.Format();
  if (response.degraded()) {
    std::vector<std::string_view> names;
    for (const Degradation degradation : response.degradations) {
      names.push_back(DegradationName(degradation));
    }
    out += fmt::format("  degraded: {}\n", fmt::join(names, ", "));
  }
  return out;
}

}  // namespace twohop::app
