// Several answers of a teacher about one user, made into one.

#pragma once

#include <span>

#include "twohop/distill/trace.h"

namespace twohop {

// What more than half of the traces say: the interests whose category they name, most votes first
// and then in the order of the traces; each with its demand in the first trace that names it.
// Demands that NormalizeName makes equal are one, from the searches of all. The reasoning is that
// of the trace with most of these interests. A pure function.
//
// REQUIRES: at least one trace; all are about the same user.
Trace VoteOnTraces(std::span<const Trace> traces);

}  // namespace twohop
