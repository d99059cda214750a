// Whom an edge holds for, as coarsely as edges are shared.

#pragma once

#include <string>
#include <string_view>

#include "twohop/domain/user.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

// Everybody. A teacher's edges are for this segment, and so is what a model answers to a prompt
// that says nothing about the user.
inline constexpr std::string_view kAnySegment = "*";

// "25-34|female": the age band in which the first number of age_group lies (under 18, 18-24, 25-34,
// 35-44, 45-54, 55+) and the gender; "*" for what is not known, and kAnySegment if neither is. A
// pure function of these two fields: the id plays no part. At most 28 segments, so that none says
// who somebody is.
std::string ProfileSegment(const UserProfile& profile);

// The users for whom the answer to `prompt` holds: the segment of `profile` if the prompt has the
// hole "profile", else everybody.
std::string SegmentOf(const Prompt& prompt, const UserProfile& profile);

}  // namespace twohop
