// A shop with few categories, in the space of FakeEmbeddingClient.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/category_space.h"

namespace twohop {

// Eight categories under five level-1 categories; "gas stove" is a term of Camp Stoves.
//
//   Outdoors > Camping > Tents | Camp Stoves          Kitchen > Coffee > Coffee Grinders
//   Shoes > Boots > Hiking Boots                      Home > Light > Desk Lamps | Lanterns
//   Travel > Trips > Mountain Trips | Prayer Retreats
std::shared_ptr<const Taxonomy> SmallShop();

// SmallShop() with the vectors that FakeEmbeddingClient gives to its embedding texts.
std::shared_ptr<const CategorySpace> SmallShopSpace();

// SmallShop() with the vectors that `embedder` gives to its embedding texts.
//
// Errors: those of EmbeddingClient::Embed and CategorySpace::Build.
Result<std::shared_ptr<const CategorySpace>> SmallShopSpaceOf(EmbeddingClient& embedder);

// The vectors that FakeEmbeddingClient gives to these texts.
Embeddings EmbedInSmallShop(const std::vector<std::string>& texts);

// The category of SmallShop() with this level-3 name.
CategoryIndex InSmallShop(const std::string& name);

}  // namespace twohop
