#include "twohop/simulate/assortment.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using ::testing::ElementsAre;

class AssortmentTest : public ::testing::Test {
 protected:
  AssortmentTest()
      : taxonomy_(*Taxonomy::Build({{"c1", "Home", "Sleep", "Beds", "", {}, {}},
                                    {"c2", "Home", "Sleep", "Pillows", "", {}, {}}})) {}

  Result<Assortment> Load(std::string_view products, std::string_view brands) {
    const auto products_file = dir_.path() / "products.tsv";
    const auto brands_file = dir_.path() / "brands.tsv";
    EXPECT_THAT(WriteFileAtomically(products_file, "header\n" + std::string(products)), IsOk());
    EXPECT_THAT(WriteFileAtomically(brands_file, "header\n" + std::string(brands)), IsOk());
    return LoadAssortment(products_file, brands_file, taxonomy_);
  }

  static constexpr std::string_view kBeds = "c1\tBeds\tSlatted Bed|Bunk Bed\tsingle|double\n";
  static constexpr std::string_view kPillows = "c2\tPillows\tPillow\twhite\n";
  static constexpr std::string_view kBrands = "Home\tNook|Haven\n";
  static std::string Both() { return std::string(kBeds) + std::string(kPillows); }

  TempDir dir_;
  Taxonomy taxonomy_;
};

TEST_F(AssortmentTest, RangesAndBrandsGoByCategory) {
  ASSERT_OK_AND_ASSIGN(const Assortment loaded, Load(Both(), kBrands));
  ASSERT_EQ(loaded.ranges.size(), 2U);
  EXPECT_THAT(loaded.ranges[0].products, ElementsAre("Slatted Bed", "Bunk Bed"));
  EXPECT_THAT(loaded.ranges[1].variants, ElementsAre("white"));
  EXPECT_THAT(loaded.brands, ElementsAre(ElementsAre("Nook", "Haven")));
}

TEST_F(AssortmentTest, AShortRowIsNamed) {
  EXPECT_THAT(Load("c1\tBeds\tBed\n", kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "products.tsv:2: 3 columns, expected 4"));
}

TEST_F(AssortmentTest, AnEmptyListIsNamed) {
  EXPECT_THAT(Load("c1\tBeds\t | \tx\n", kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "products.tsv:2: no products"));
  EXPECT_THAT(Load("c1\tBeds\tBed\t\n", kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "products.tsv:2: no variants"));
  EXPECT_THAT(Load(Both(), "Home\t\n"),
              FailsWith(ErrorCode::kInvalidArgument, "brands.tsv:2: no brands"));
}

TEST_F(AssortmentTest, UnknownCategoriesAreNamed) {
  EXPECT_THAT(Load("c9\tX\tBed\tx\n", kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "unknown category \"c9\""));
  EXPECT_THAT(Load(Both(), "Garden\tNook\n"),
              FailsWith(ErrorCode::kInvalidArgument, "unknown level-1 category \"Garden\""));
}

TEST_F(AssortmentTest, ASecondRowForACategoryIsRefused) {
  EXPECT_THAT(Load(Both() + std::string(kBeds), kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "products.tsv:4: category \"c1\" has two"));
  EXPECT_THAT(Load(Both(), std::string(kBrands) + std::string(kBrands)),
              FailsWith(ErrorCode::kInvalidArgument, "\"Home\" has two rows"));
}

TEST_F(AssortmentTest, ACategoryWithoutARowIsNamed) {
  EXPECT_THAT(Load(kBeds, kBrands),
              FailsWith(ErrorCode::kInvalidArgument, "no row for category \"c2\""));
  EXPECT_THAT(Load(Both(), ""),
              FailsWith(ErrorCode::kInvalidArgument, "no row for level-1 category \"Home\""));
}

TEST_F(AssortmentTest, AMissingFileIsNotFound) {
  EXPECT_THAT(LoadAssortment(dir_.path() / "absent", dir_.path() / "absent", taxonomy_),
              FailsWith(ErrorCode::kNotFound, "absent"));
}

}  // namespace
}  // namespace twohop
