// Events for tests of logs.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/domain/event.h"

namespace twohop {

// A search with every field that searches have.
Event SearchEvent(std::string_view id);

// Searches with the ids "<prefix><first>" … "<prefix><first + count - 1>".
std::vector<Event> SearchEvents(std::size_t count, std::size_t first = 0,
                                std::string_view prefix = "e");

}  // namespace twohop
