#include "twohop/ingest/user_row.h"

#include <array>

#include "twohop/ingest/field_reader.h"

namespace twohop::ingest_internal {
namespace {

enum Field : std::uint8_t { kId, kAgeGroup, kGender };

constexpr std::array<std::string_view, 3> kFields = {"id", "age_group", "gender"};

constexpr std::size_t kMaxSegmentBytes = 64;

}  // namespace

const RowSchema& UserSchema() {
  static constexpr RowSchema kSchema{.fields = kFields, .required_columns = 1};
  return kSchema;
}

RowResult<UserProfile> MakeUser(RawRow& row) {
  FieldReader fields(row);
  UserProfile user;
  user.id = UserId(fields.RequiredId(kId));
  user.age_group = fields.Text(kAgeGroup, kMaxSegmentBytes);
  user.gender = fields.Text(kGender, kMaxSegmentBytes);
  if (fields.failed()) return tl::unexpected(fields.TakeReject());
  return user;
}

}  // namespace twohop::ingest_internal
