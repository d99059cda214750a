#include "twohop/reasoning/interest_generator.h"

namespace twohop {

std::string_view RejectReasonName(RejectReason reason) {
  switch (reason) {
    case RejectReason::kSchema:
      return "schema";
    case RejectReason::kRelation:
      return "relation";
    case RejectReason::kUnknownCategory:
      return "unknown_category";
    case RejectReason::kBlocked:
      return "blocked";
    case RejectReason::kNotNovel:
      return "not_novel";
    case RejectReason::kFeedback:
      return "feedback";
    case RejectReason::kDuplicate:
      return "duplicate";
    case RejectReason::kOverCap:
      return "over_cap";
  }
  return "unknown";
}

}  // namespace twohop
