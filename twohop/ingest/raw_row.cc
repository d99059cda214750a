#include "twohop/ingest/raw_row.h"

#include <algorithm>

namespace twohop::ingest_internal {

void RawRow::Clear() {
  for (RawValue& value : values_) value.kind = RawKind::kAbsent;
  ignored_.clear();
}

std::size_t RawRow::Find(std::string_view name) const {
  const auto& fields = schema_->fields;
  return static_cast<std::size_t>(std::find(fields.begin(), fields.end(), name) - fields.begin());
}

}  // namespace twohop::ingest_internal
