// Identifiers that do not convert into each other.

#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <utility>

namespace twohop {

// A value that means "the id of a Tag". Two ids of different tags neither compare nor convert.
template <typename Tag, typename Value = std::uint64_t>
class StrongId {
 public:
  using value_type = Value;

  StrongId() = default;
  constexpr explicit StrongId(Value value) : value_(std::move(value)) {}

  constexpr const Value& value() const { return value_; }

  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  friend bool operator==(const StrongId&, const StrongId&) = default;

 private:
  Value value_{};
};

}  // namespace twohop

template <typename Tag, typename Value>
struct std::hash<twohop::StrongId<Tag, Value>> {
  std::size_t operator()(const twohop::StrongId<Tag, Value>& id) const {
    return std::hash<Value>{}(id.value());
  }
};
