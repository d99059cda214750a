// A bundle of four level-1 categories for tests.

#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/domain/catalog.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/co_click_table.h"
#include "twohop/recall/user_encoder.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// Level 1 > level 2 > level 3, ids in brackets:
//
//   Outdoor > Camping > Tents [tents], Headlamps [headlamps]; Outdoor > Climbing > Ropes [ropes]
//   Kitchen > Appliances > Kettles [kettles], Toasters [toasters]
//   Beauty > Makeup > Lipsticks [lipsticks]
//   Sports > Fitness > Yoga Mats [mats], Dumbbells [dumbbells]
std::shared_ptr<const Taxonomy> MakeTinyTaxonomy();

// Items "tents-0" ("Tents 0") to "tents-5" and so on for each category, in this order. "mats-0" is
// not available.
std::shared_ptr<const Catalog> MakeTinyCatalog();

// float32 [8, 13]: orthogonal parts for the level 1 (0.6) and the category (0.8), so that
// categories of one level 1 have cosine 0.36 and others 0; the last component is 0.
Embeddings MakeTinyCategoryVectors();

// float32 [48, 13]: the vector of an item's category, turned away a little more for each further
// item of it: "tents-0" is nearer to its category than "tents-1".
Embeddings MakeTinyItemVectors();

// By item: "tents-0" is the most popular, then "tents-1", ...
std::vector<ItemIndex> MakeTinyPopularity();

// The last item of each category first: "dumbbells-5", "mats-5", ... "tents-5".
std::vector<ItemIndex> MakeTinyNewest();

// Those who clicked "tents-n" clicked "kettles-n" (0.6) and "ropes-n" (0.3); of other items nobody
// knows anything.
CoClickTable MakeTinyCoClicks();

inline constexpr std::string_view kTinyTextEncoder = "tiny-encoder";

// A bundle of all this with the fake user encoder, or another one.
std::shared_ptr<const Bundle> MakeTinyBundle(const UserEncoderLoader& loader = {});

// A latent interest in a category of the tiny taxonomy, found by searching "<category id>".
LatentInterest TinyInterest(std::string_view category_id);

// TinyInterest of each.
InterestSet TinyInterests(const std::vector<std::string_view>& category_ids, TimePoint created);

// A user "u" of 25-34 years who clicked these items, newest first.
UserState TinyUser(const std::vector<std::string_view>& clicked_item_ids);

}  // namespace twohop
