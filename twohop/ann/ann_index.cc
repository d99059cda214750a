#include "twohop/ann/ann_index.h"

namespace twohop {

Result<std::vector<std::vector<Neighbor>>> AnnIndex::SearchExhaustively(
    EmbeddingsView, const SearchOptions&) const {
  return Unimplemented("this index cannot search exhaustively");
}

}  // namespace twohop
