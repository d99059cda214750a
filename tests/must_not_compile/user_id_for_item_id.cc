#include <string>

#include "twohop/domain/ids.h"

namespace {

std::string Title(twohop::ItemId item) { return item.value(); }

}  // namespace

int main() {
#ifdef TWOHOP_MISUSE
  const twohop::UserId id("u1");
#else
  const twohop::ItemId id("i1");
#endif
  return static_cast<int>(Title(id).size());
}
