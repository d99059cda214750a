// Compiled with `base` as its only dependency.
#include "twohop/base/result.h"

#ifdef TWOHOP_MISUSE
#include "twohop/domain/event.h"
#endif

int main() { return twohop::Ok().has_value() ? 0 : 1; }
