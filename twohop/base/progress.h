// What long work shows while it runs.

#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "twohop/base/clock.h"

namespace twohop {

// One piece of long work under way. Ends when it is destroyed.
//
// Thread-safe.
class ProgressStage {
 public:
  virtual ~ProgressStage() = default;

  // `done` of the stage's total is finished; never moves backwards. Cheap enough for every row.
  virtual void Update(std::uint64_t done) = 0;

  // A short remark shown with the stage: "loss 0.41".
  virtual void Note(std::string_view remark) = 0;
};

// Where stages are shown. Stages of one Progress do not overlap in time.
//
// Thread-safe.
class Progress {
 public:
  virtual ~Progress() = default;

  // Starts a stage of `total` units (0: not known), named for a person: "import events".
  virtual std::unique_ptr<ProgressStage> Begin(std::string_view label, std::uint64_t total) = 0;
};

// Draws a bar that is redrawn in place if `out` is a terminal, and otherwise prints a line at the
// start, at most every ten seconds, and at the end. Writes nothing else to `out`.
//
// `out` and `clock` must outlive the result and its stages.
std::unique_ptr<Progress> MakeProgress(std::FILE* out, const Clock& clock);

// Shows nothing.
std::unique_ptr<Progress> MakeSilentProgress();

}  // namespace twohop
