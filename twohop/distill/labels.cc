#include "twohop/distill/labels.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/jsonl.h"
#include "twohop/distill/trace.h"
#include "twohop/reasoning/category_names.h"

namespace twohop {
namespace {

bool Holds(const std::vector<CategoryIndex>& categories, CategoryIndex category) {
  return std::find(categories.begin(), categories.end(), category) != categories.end();
}

}  // namespace

Score LabelledUser::ScoreOf(CategoryIndex category) const {
  if (Holds(score_2, category)) return Score::k2;
  return Holds(score_1, category) ? Score::k1 : Score::k0;
}

Result<LabelledUser> ParseLabelledUser(const Json& json, const Taxonomy& taxonomy) {
  LabelledUser labelled;
  TWOHOP_ASSIGN_OR_RETURN(labelled.user, ParseUserContext(json));
  TWOHOP_ASSIGN_OR_RETURN(labelled.unseen, OptionalBool(json, "unseen", false));
  TWOHOP_ASSIGN_OR_RETURN(labelled.demands, OptionalStrings(json, "demands"));
  TWOHOP_ASSIGN_OR_RETURN(labelled.score_2, ParseCategories(json, "score_2", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(labelled.score_1, ParseCategories(json, "score_1", taxonomy));
  for (const CategoryIndex category : labelled.score_1) {
    if (!Holds(labelled.score_2, category)) continue;
    return InvalidArgument(
        fmt::format("\"{}\" is in \"score_1\" and in \"score_2\"", taxonomy.label(category)));
  }
  return labelled;
}

Result<std::vector<LabelledUser>> ReadLabels(const std::filesystem::path& path,
                                             const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(JsonlRows<LabelledUser> read,
                          ReadJsonl<LabelledUser>(path, [&](const Json& json) {
                            return ParseLabelledUser(json, taxonomy);
                          }));
  return RequireAllRows(path, std::move(read));
}

}  // namespace twohop
