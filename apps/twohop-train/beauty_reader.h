// Amazon Beauty as S3-Rec published it: what the leave-one-out benchmark is run on.

#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/domain/ids.h"

namespace twohop::app {

// Source: the data of S3-Rec (Zhou et al., CIKM 2020) after McAuley's Amazon reviews; no licence is
// stated, so that the project only ever reads it where its user put it.
struct BeautyReviews {
  std::shared_ptr<const Catalog> catalog;         // Items have a category and often a brand.
  std::vector<std::vector<ItemIndex>> sequences;  // Of each user, in order of time.
};

// Reads `dir`/sequences.txt ("user item item ...", a user a line) and `dir`/items.csv
// ("item_id,brand,category", the category as "Makeup > Nails > Nail Polish"); each may be gzipped
// and then ends in ".gz" as well. Levels of a category below the third become a tag; an item that
// lacks levels has its last level in their place. Users with fewer than three items have no place
// in the benchmark and are refused.
//
// Errors: kNotFound if a file is not there; kInvalidArgument, as "<file>:<line>: ...", if a line is
// not as above, an item occurs twice in items.csv or is not there; kDataLoss if a file is damaged.
Result<BeautyReviews> ReadBeauty(const std::filesystem::path& dir);

}  // namespace twohop::app
