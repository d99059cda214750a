#include "apps/twohop/channel_evaluation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "apps/twohop/text_table.h"
#include <fmt/format.h>

#include "twohop/experiment/novelty_metrics.h"

namespace twohop::app {
namespace {

struct Filling {
  std::string name;
  std::optional<ChannelKind> only;
};

std::vector<Filling> Fillings(double novelty_share) {
  return {{"novelty channel", ChannelKind::kNovelty},
          {"interest text", ChannelKind::kInterestText},
          {"u2i", ChannelKind::kU2i},
          {"similar items", ChannelKind::kSimilar},
          {"co-clicked items", ChannelKind::kCoClick},
          {"popular", ChannelKind::kPopular},
          {"fresh", ChannelKind::kFresh},
          {fmt::format("all, {:.0f} % novelty", 100 * novelty_share), std::nullopt}};
}

ListedItem ToListed(const Catalog& catalog, ItemIndex item) {
  return {.category = catalog.at(item).category, .level1 = catalog.level1_of(item)};
}

// An empty page of this user.
ItemList EmptyList(const Taxonomy& taxonomy, const EvaluatedUser& user) {
  ItemList list{.hidden = user.truth.hidden};
  for (const std::string& name : ClickedLevel1(user.state)) {
    if (const auto level1 = taxonomy.FindLevel1(name)) list.clicked_level1.push_back(*level1);
  }
  return list;
}

Result<std::vector<ItemList>> FillPages(const Recaller& recaller,
                                        std::span<const EvaluatedUser> users,
                                        const RecallRequest& request, ProgressStage& stage,
                                        std::uint64_t& done) {
  const Catalog& catalog = recaller.bundle().catalog();
  std::vector<ItemList> pages;
  for (const EvaluatedUser& user : users) {
    TWOHOP_ASSIGN_OR_RETURN(const RecallResponse response, recaller.Recall(user.state, request));
    ItemList list = EmptyList(catalog.taxonomy(), user);
    for (const RecalledItem& item : response.items) {
      list.items.push_back(ToListed(catalog, item.item));
    }
    pages.push_back(std::move(list));
    stage.Update(++done);
  }
  return pages;
}

std::vector<ItemList> FillAtRandom(const Catalog& catalog, std::span<const EvaluatedUser> users,
                                   std::size_t page, Rng rng) {
  std::vector<ItemList> empty;
  for (const EvaluatedUser& user : users) empty.push_back(EmptyList(catalog.taxonomy(), user));
  std::vector<ListedItem> available;
  for (std::size_t i = 0; i < catalog.size(); ++i) {
    const ItemIndex item(static_cast<std::uint32_t>(i));
    if (catalog.at(item).available) available.push_back(ToListed(catalog, item));
  }
  return DrawRandomNovelLists(empty, available, page, rng);
}

// The share over all users' pages together, one fraction a user.
template <typename FractionOf>
Result<Interval> ShareOver(std::span<const ItemList> pages, Rng rng, FractionOf fraction_of) {
  std::vector<Fraction> fractions;
  for (const ItemList& page : pages) fractions.push_back(fraction_of(page));
  return BootstrapRatio(fractions, {}, rng);
}

Fraction NovelOfItems(const ItemList& page) {
  return {static_cast<double>(CountNovel(page)), static_cast<double>(page.items.size())};
}

Fraction HitOfUsers(const ItemList& page) {
  const HiddenHits hits = MeasureHiddenHits({&page, 1});
  return {static_cast<double>(hits.users_hit), static_cast<double>(hits.users)};
}

Fraction HiddenOfNovel(const ItemList& page) {
  const HiddenHits hits = MeasureHiddenHits({&page, 1});
  return {static_cast<double>(hits.novel_hits), static_cast<double>(hits.novel_items)};
}

Result<ChannelScore> Score(std::string name, std::span<const ItemList> pages, const Rng& rng) {
  ChannelScore score{.name = std::move(name)};
  TWOHOP_ASSIGN_OR_RETURN(score.novel_items, ShareOver(pages, rng, NovelOfItems));
  TWOHOP_ASSIGN_OR_RETURN(score.users_hit, ShareOver(pages, rng, HitOfUsers));
  TWOHOP_ASSIGN_OR_RETURN(score.hidden_precision, ShareOver(pages, rng, HiddenOfNovel));
  score.items_per_page = static_cast<double>(MeasureNovelty(pages).items) /
                         static_cast<double>(std::max<std::size_t>(1, pages.size()));
  score.level1_per_page = MeasureDiversity(pages).distinct_level1;
  return score;
}

std::string Percent(const Interval& rate) {
  return fmt::format("{:5.1f} %  [{:.1f}, {:.1f}]", 100 * rate.estimate, 100 * rate.low,
                     100 * rate.high);
}

}  // namespace

Result<ChannelEvaluation> EvaluateChannels(const Recaller& recaller,
                                           std::span<const EvaluatedUser> users, std::size_t page,
                                           double novelty_share, std::uint64_t seed,
                                           Progress& progress) {
  const Rng rng(seed);
  const std::vector<Filling> fillings = Fillings(novelty_share);
  const auto stage = progress.Begin("evaluate channels", users.size() * fillings.size());
  ChannelEvaluation evaluation{.users = users.size(), .page = page};
  std::uint64_t done = 0;
  for (const Filling& filling : fillings) {
    const RecallRequest request{.k = page, .novelty_share = novelty_share, .only = filling.only};
    TWOHOP_ASSIGN_OR_RETURN(const auto pages, FillPages(recaller, users, request, *stage, done));
    TWOHOP_ASSIGN_OR_RETURN(auto score, Score(filling.name, pages, rng));
    evaluation.scores.push_back(std::move(score));
  }
  const auto random = FillAtRandom(recaller.bundle().catalog(), users, page, rng.Fork("random"));
  TWOHOP_ASSIGN_OR_RETURN(auto score, Score("random new items", random, rng));
  evaluation.scores.push_back(std::move(score));
  return evaluation;
}

std::string DescribeEvaluation(const ChannelEvaluation& evaluation) {
  TextTable table({"page filled by", "new to the user", "users with a hidden interest hit",
                   "hits among new items", "items", "level 1"});
  for (const ChannelScore& score : evaluation.scores) {
    table.AddRow({score.name, Percent(score.novel_items), Percent(score.users_hit),
                  Percent(score.hidden_precision), fmt::format("{:.1f}", score.items_per_page),
                  fmt::format("{:.1f}", score.level1_per_page)});
  }
  return fmt::format("{} users, {} items a page; [95 % interval over users]\n{}", evaluation.users,
                     evaluation.page, table.Format());
}

}  // namespace twohop::app
