#include "twohop/towers/training/training_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TrainingCurvesTest, TheLossIsALineFromItsFirstPointToItsLast) {
  const std::string svg = TrainingCurvesSvg({.curve = {{.step = 10, .loss = 4}, {20, 2}}});
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,34.0 620.0,196.0\""));
  EXPECT_THAT(svg, Not(HasSubstr("validation")));
}

TEST(TrainingCurvesTest, TheValidationHasAPanelThatMarksTheBestEpoch) {
  const std::string svg = TrainingCurvesSvg({.epochs = {{.validation = 0.1}, {.validation = 0.3}},
                                             .best_epoch = 2,
                                             .curve = {{.step = 10, .loss = 4}}});
  EXPECT_THAT(svg, HasSubstr("validation NDCG@10"));
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,436.0 620.0,274.0\""));
  EXPECT_THAT(svg,
              HasSubstr("x1=\"620.0\" y1=\"436.0\" x2=\"620.0\" y2=\"274.0\" stroke=\"#c33\""));
}

TEST(TrainingCurvesTest, ARunWithoutAnyPointGivesAxesAlone) {
  const std::string svg = TrainingCurvesSvg({});
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  EXPECT_THAT(svg, Not(HasSubstr("polyline")));
}

TEST(TrainingCurvesTest, ALossThatStaysTheSameIsAFlatLineInTheMiddle) {
  const std::string svg = TrainingCurvesSvg({.curve = {{.step = 1, .loss = 2}, {2, 2}}});
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,115.0 620.0,115.0\""));
}

}  // namespace
}  // namespace twohop
