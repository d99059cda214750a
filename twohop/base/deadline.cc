#include "twohop/base/deadline.h"

#include <utility>

#include "twohop/base/check.h"

namespace twohop {

Deadline::Deadline(const Clock& clock, Milliseconds limit, std::stop_token stop)
    : forward_(std::move(stop), [this] { source_.request_stop(); }),
      timer_([this, &clock, limit](std::stop_token done) {
        if (!clock.SleepFor(limit, std::move(done))) return;
        passed_ = true;
        source_.request_stop();
      }) {
  TWOHOP_DCHECK(limit > Milliseconds(0));
}

}  // namespace twohop
