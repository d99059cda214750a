#include "twohop/recall/channel_input.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace twohop::recall_internal {
namespace {

std::span<const ClickRecord> LastClicks(const UserState& user) {
  return std::span(user.clicks).first(std::min(user.clicks.size(), kClickWindow));
}

std::vector<ItemIndex> History(const Catalog& catalog, const UserState& user) {
  std::vector<ItemIndex> history;
  for (const ClickRecord& click : LastClicks(user)) {
    if (const auto item = catalog.Find(click.item.value())) history.push_back(*item);
  }
  return history;
}

// As it was when it was clicked and, for what was unknown or moved since, as the catalogue has it
// now.
std::vector<Level1Index> ClickedLevel1(const Catalog& catalog, const UserState& user,
                                       std::span<const ItemIndex> history) {
  std::vector<Level1Index> clicked;
  for (const ClickRecord& click : LastClicks(user)) {
    if (const auto level1 = catalog.taxonomy().FindLevel1(click.level1)) clicked.push_back(*level1);
  }
  for (const ItemIndex item : history) clicked.push_back(catalog.level1_of(item));
  std::sort(clicked.begin(), clicked.end());
  clicked.erase(std::unique(clicked.begin(), clicked.end()), clicked.end());
  return clicked;
}

// Nothing if the bundle cannot serve the interest or the user has found the way there alone.
std::optional<LiveInterest> ToLive(const Bundle& bundle, const LatentInterest& interest,
                                   std::size_t position, std::span<const Level1Index> clicked) {
  const Taxonomy& taxonomy = bundle.catalog().taxonomy();
  const auto category = taxonomy.FindById(interest.category_id);
  if (!category.has_value()) return std::nullopt;
  const bool embedded = interest.embedding.size() == bundle.user_encoder().text_dim() &&
                        AllFinite(interest.embedding);
  const Level1Index level1 = taxonomy.level1_of(*category);
  if (!embedded || std::binary_search(clicked.begin(), clicked.end(), level1)) return std::nullopt;
  return LiveInterest{position, &interest, *category, level1};
}

std::vector<CategoryIndex> UnwantedCategories(const Taxonomy& taxonomy,
                                              const InterestWeights& feedback) {
  std::vector<CategoryIndex> unwanted;
  for (const auto& [id, category] : feedback.categories) {
    const auto known = taxonomy.FindById(id);
    if (category.weight == 0.0F && known.has_value()) unwanted.push_back(*known);
  }
  std::sort(unwanted.begin(), unwanted.end());
  return unwanted;
}

// Fills input.channels.interests, or says why there are none.
void AddInterests(const UserState& user, const InterestWeights& feedback,
                  const RecallerOptions& options, TimePoint now, UserInput& input) {
  const Taxonomy& taxonomy = input.channels.bundle.catalog().taxonomy();
  if (input.channels.clicked_level1.size() == taxonomy.level1_count()) {
    input.missing_interests = Degradation::kNothingIsNew;
    return;
  }
  if (!user.interests.has_value() || user.interests->interests.empty()) {
    input.missing_interests = Degradation::kNoInterests;
    return;
  }
  if (now - user.interests->created > options.max_interest_age) {
    input.missing_interests = Degradation::kInterestsExpired;
    return;
  }
  const std::vector<LatentInterest>& interests = user.interests->interests;
  std::vector<LiveInterest>& live = input.channels.interests;
  for (std::size_t i = 0; i < interests.size() && live.size() < options.max_interests; ++i) {
    // Reasoning leaves these out too, but what is stored may be from before the feedback.
    if (feedback.Of(interests[i].demand, interests[i].category_id) == 0.0F) continue;
    const auto interest =
        ToLive(input.channels.bundle, interests[i], i, input.channels.clicked_level1);
    if (interest.has_value()) live.push_back(*interest);
  }
  if (live.empty()) input.missing_interests = Degradation::kInterestsOutdated;
}

// Adds what the user was shown lately, or often enough.
void LeaveOutSeen(const UserState& user, const RecallerOptions& options, TimePoint now,
                  ChannelInput& input) {
  if (options.exposure_pause.count() == 0 && options.max_exposures == 0) return;
  std::unordered_map<std::string_view, std::size_t> times;
  for (const ExposureRecord& exposure : user.exposures) {
    const std::size_t seen = ++times[exposure.item.value()];
    const bool lately = now - exposure.time < options.exposure_pause;
    const bool often = options.max_exposures > 0 && seen >= options.max_exposures;
    if (!lately && !often) continue;
    const auto item = input.bundle.catalog().Find(exposure.item.value());
    if (item.has_value()) input.left_out.insert(*item);
  }
}

}  // namespace

bool IsUnknown(const UserState& user) {
  return user.profile.age_group.empty() && user.profile.gender.empty() && user.clicks.empty() &&
         user.searches.empty() && !user.interests.has_value();
}

UserInput MakeUserInput(const Bundle& bundle, const UserState& user,
                        std::span<const ItemId> exclude, const RecallerOptions& options,
                        TimePoint now) {
  const Catalog& catalog = bundle.catalog();
  UserInput result{{bundle, {}, {}, {}, {}, {}}, std::nullopt};
  ChannelInput& input = result.channels;
  input.user.age_group = user.profile.age_group;
  input.user.gender = user.profile.gender;
  input.user.history = History(catalog, user);
  input.clicked_level1 = ClickedLevel1(catalog, user, input.user.history);
  input.left_out.insert(input.user.history.begin(), input.user.history.end());
  for (const ItemId& id : exclude) {
    if (const auto item = catalog.Find(id.value())) input.left_out.insert(*item);
  }
  LeaveOutSeen(user, options, now, input);
  const InterestWeights feedback = WeighFeedback(user.feedback, now);
  input.unwanted = UnwantedCategories(catalog.taxonomy(), feedback);
  AddInterests(user, feedback, options, now, result);
  return result;
}

bool IsNovel(const ChannelInput& input, ItemIndex item) {
  return !std::binary_search(input.clicked_level1.begin(), input.clicked_level1.end(),
                             input.bundle.catalog().level1_of(item));
}

Result<Embeddings> EmbedInterests(const ChannelInput& input) {
  Embeddings conditions(input.bundle.user_encoder().text_dim());
  for (const LiveInterest& live : input.interests) conditions.Append(live.interest->embedding);
  return input.bundle.user_encoder().EmbedUser(input.user, conditions);
}

}  // namespace twohop::recall_internal
