// What a ranker may want to know of items that it has from anywhere.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/domain/ids.h"

namespace twohop {

// How an item meets the latent interest that it fits best: the one under whose condition the user's
// vector has the greatest inner product with the item's (ties to the more confident one).
struct InterestMatch {
  std::size_t interest = 0;  // A position in user.interests->interests.
  std::size_t rank = 0;     // Among the interests that can be served, from 0, most confident first.
  float confidence = 0.0F;  // Of the interest, in [0, 1].
  float score = 0.0F;       // That inner product, a cosine with the towers of twohop-train.
  float text_score = 0.0F;  // Cosine of the text vectors of interest and item's category.

  friend bool operator==(const InterestMatch&, const InterestMatch&) = default;
};

// Larger scores are better.
struct ItemFeatures {
  std::optional<ItemIndex> item;  // Nothing if the catalogue lacks it: then nothing else is known.
  bool novel = false;  // Its level-1 category is not among the user's last clicks (kClickWindow).
  float u2i_score = 0.0F;  // Inner product with the user's vector without an interest.
  // The greatest cosine of the text vectors of a latent interest and the item's category; nothing
  // without an interest that can be served.
  std::optional<float> text_match;
  std::optional<InterestMatch> match;  // Likewise.

  friend bool operator==(const ItemFeatures&, const ItemFeatures&) = default;
};

}  // namespace twohop
