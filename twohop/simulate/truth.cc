#include "twohop/simulate/truth.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

Result<std::vector<CategoryIndex>> FindCategories(const Json& object, std::string_view field,
                                                  const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const auto ids, OptionalStrings(object, field));
  std::vector<CategoryIndex> categories;
  for (const std::string& id : ids) {
    const auto category = taxonomy.FindById(id);
    if (!category.has_value()) {
      return InvalidArgument(fmt::format("\"{}\" has unknown category \"{}\"", field, id));
    }
    categories.push_back(*category);
  }
  return categories;
}

Status RequireFields(const Json& object) {
  if (!object.is_object()) return InvalidArgument("a user's truth is a JSON object");
  for (const char* field : {"lifestyles", "bubble", "hidden"}) {
    if (!object.contains(field)) {
      return InvalidArgument(fmt::format("field \"{}\" is missing", field));
    }
  }
  return Ok();
}

}  // namespace

Result<UserTruth> ParseTruth(std::string_view json, const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const Json object, ParseJson(json));
  TWOHOP_RETURN_IF_ERROR(RequireFields(object));
  UserTruth truth;
  TWOHOP_ASSIGN_OR_RETURN(std::string user, RequireString(object, "user"));
  truth.user = UserId(std::move(user));
  TWOHOP_ASSIGN_OR_RETURN(truth.lifestyles, OptionalStrings(object, "lifestyles"));
  TWOHOP_ASSIGN_OR_RETURN(truth.bubble, FindCategories(object, "bubble", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(truth.hidden, FindCategories(object, "hidden", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(truth.found, FindCategories(object, "found", taxonomy));
  return truth;
}

Result<std::vector<UserTruth>> LoadTruth(const std::filesystem::path& file,
                                         const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(file));
  std::vector<UserTruth> truths;
  while (const auto line = reader.Next()) {
    if (Trim(line->text).empty()) continue;
    auto truth = ParseTruth(line->text, taxonomy);
    if (!truth.has_value()) {
      return Annotate(truth, fmt::format("{}:{}", file.string(), line->number));
    }
    truths.push_back(*std::move(truth));
  }
  TWOHOP_RETURN_IF_ERROR(reader.status());
  return truths;
}

}  // namespace twohop
