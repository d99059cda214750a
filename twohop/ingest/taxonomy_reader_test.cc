#include "twohop/ingest/taxonomy_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class TaxonomyReaderTest : public testing::Test {
 protected:
  Result<Taxonomy> Read(std::string_view content) {
    return LoadTaxonomy(dir_.Write("taxonomy.txt", content));
  }

  // "id: a > b > c" of every category.
  static std::vector<std::string> Categories(const Result<Taxonomy>& taxonomy) {
    std::vector<std::string> all;
    if (!taxonomy.has_value()) return {taxonomy.error().message()};
    for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
      const CategoryIndex category(i);
      all.push_back(taxonomy->at(category).id + ": " + taxonomy->path(category));
    }
    return all;
  }

  void ExpectRefused(std::string_view content, std::string_view complaint) {
    EXPECT_THAT(Read(content), FailsWith(ErrorCode::kInvalidArgument, std::string(complaint)));
  }

  TempDir dir_;
};

constexpr std::string_view kTable =
    "id\tlevel1\tlevel2\tlevel3\tzh\tterms\ttags\n"
    "c1\tOutdoor\tCamping\tTents\t帐篷\ttent| two man tent \twaterproof|light\n"
    "c2\tOutdoor\tCamping\tHeadlamps\t头灯\theadlamp\t\n";

TEST_F(TaxonomyReaderTest, ReadsATable) {
  const auto taxonomy = Read(kTable);
  EXPECT_THAT(Categories(taxonomy),
              ElementsAre("c1: Outdoor > Camping > Tents", "c2: Outdoor > Camping > Headlamps"));
  const Category& tents = taxonomy->at(CategoryIndex(0));
  EXPECT_EQ(tents.alternative_name, "帐篷");
  EXPECT_THAT(tents.terms, ElementsAre("tent", "two man tent"));
  EXPECT_THAT(tents.tags, ElementsAre("waterproof", "light"));
  EXPECT_THAT(taxonomy->at(CategoryIndex(1)).tags, ElementsAre());
}

TEST_F(TaxonomyReaderTest, FindsColumnsByNameAndIgnoresOthers) {
  EXPECT_THAT(Categories(Read("level3\tnote\tlevel1\tlevel2\nTents\tx\tOutdoor\tCamping\n")),
              ElementsAre("Outdoor > Camping > Tents: Outdoor > Camping > Tents"));
}

TEST_F(TaxonomyReaderTest, ReadsATableWithCommas) {
  EXPECT_THAT(Categories(Read("id,level1,level2,level3\nc1,Outdoor,\"Camping, Hiking\",Tents\n")),
              ElementsAre("c1: Outdoor > Camping, Hiking > Tents"));
}

TEST_F(TaxonomyReaderTest, AnEmptyLevelOfATableRepeatsTheOneAbove) {
  EXPECT_THAT(Categories(Read("id\tlevel1\tlevel2\tlevel3\nb\tBooks\t\t\nw\tArt\tWalls\t\n")),
              ElementsAre("b: Books > Books > Books", "w: Art > Walls > Walls"));
}

TEST_F(TaxonomyReaderTest, ReadsPlainPathsWhichAreTheirOwnIds) {
  EXPECT_THAT(Categories(Read("Outdoor > Camping > Tents\nOutdoor>Camping>Headlamps\n")),
              ElementsAre("Outdoor > Camping > Tents: Outdoor > Camping > Tents",
                          "Outdoor > Camping > Headlamps: Outdoor > Camping > Headlamps"));
}

TEST_F(TaxonomyReaderTest, ReadsShopifysForm) {
  EXPECT_THAT(Categories(Read("# Shopify Product Taxonomy - Categories: 2030-01\n"
                              "# Format: {GID} : {Ancestor name} > ... > {Category name}\n"
                              "\n"
                              "gid://shop/Cat/ap        : Pets\n"
                              "gid://shop/Cat/ap-1      : Pets > Bird Supplies\n"
                              "gid://shop/Cat/ap-1-1    : Pets > Bird Supplies > Cages & Stands\n"
                              "gid://shop/Cat/ap-1-2    : Pets > Bird Supplies > Toys\n")),
              ElementsAre("gid://shop/Cat/ap-1-1: Pets > Bird Supplies > Cages & Stands",
                          "gid://shop/Cat/ap-1-2: Pets > Bird Supplies > Toys"));
}

TEST_F(TaxonomyReaderTest, ReadsGooglesForm) {
  EXPECT_THAT(Categories(Read("# Google_Product_Taxonomy_Version: 2030-01-01\n"
                              "1 - Pets & Supplies\n"
                              "3 - Pets & Supplies > Birds\n"
                              "7385 - Pets & Supplies > Birds > Cages - Large\n")),
              ElementsAre("7385: Pets & Supplies > Birds > Cages - Large"));
}

TEST_F(TaxonomyReaderTest, AHyphenBehindAWordIsPartOfTheName) {
  EXPECT_THAT(Categories(Read("Toys - Kids > Blocks > Wood\n")),
              ElementsAre("Toys - Kids > Blocks > Wood: Toys - Kids > Blocks > Wood"));
}

TEST_F(TaxonomyReaderTest, ADeeperNodeIsAnAliasOfItsLevel3Ancestor) {
  const auto taxonomy = Read(
      "1 - Pets > Birds > Cages\n"
      "2 - Pets > Birds > Cages > Baths\n"
      "3 - Pets > Birds > Cages > Baths > Heated\n");
  EXPECT_THAT(Categories(taxonomy), ElementsAre("1: Pets > Birds > Cages"));
  EXPECT_EQ(taxonomy->FindById("2"), CategoryIndex(0));
  EXPECT_EQ(taxonomy->FindById("3"), CategoryIndex(0));
}

TEST_F(TaxonomyReaderTest, ALevel3AncestorNeedNotHaveALineNorComeFirst) {
  const auto taxonomy = Read(
      "2 - Pets > Birds > Cages > Baths\n"
      "3 - Pets > Fish > Tanks > Nano\n"
      "1 - Pets > Birds > Cages\n");
  EXPECT_THAT(Categories(taxonomy),
              ElementsAre("1: Pets > Birds > Cages", "Pets > Fish > Tanks: Pets > Fish > Tanks"));
  EXPECT_EQ(taxonomy->FindById("2"), CategoryIndex(0));
}

TEST_F(TaxonomyReaderTest, APathThatComesAgainUnderAnotherIdIsOneCategoryWithTwo) {
  const auto taxonomy =
      Read("1 - A > B > C\n2 - A > B > C\n3 - A > B > C > D\n4 - A > B > C > D\n");
  EXPECT_THAT(Categories(taxonomy), ElementsAre("1: A > B > C"));
  EXPECT_THAT(taxonomy->at(CategoryIndex(0)).aliases, ElementsAre("2", "3", "4"));
}

TEST_F(TaxonomyReaderTest, ALeafOfOneOrTwoLevelsRepeatsItsName) {
  EXPECT_THAT(Categories(Read("1 - Gift Cards\n2 - Pets\n3 - Pets > Fish\n4 - Pets > Birds\n"
                              "5 - Pets > Birds > Cages\n")),
              ElementsAre("1: Gift Cards > Gift Cards > Gift Cards", "3: Pets > Fish > Fish",
                          "5: Pets > Birds > Cages"));
}

TEST_F(TaxonomyReaderTest, ANodeWithSomethingBelowIsNoCategory) {
  EXPECT_FALSE(Read("1 - Pets\n2 - Pets > Birds > Cages\n")->FindById("1").has_value());
}

TEST_F(TaxonomyReaderTest, ByteOrderMarkAndCarriageReturnsAreNotPartOfNames) {
  EXPECT_THAT(Categories(Read("\xEF\xBB\xBFid\tlevel1\tlevel2\tlevel3\r\nc1\tA\tB\tC\r\n")),
              ElementsAre("c1: A > B > C"));
}

TEST_F(TaxonomyReaderTest, NoFileIsNotFound) {
  EXPECT_THAT(LoadTaxonomy(dir_.path() / "none.tsv"), FailsWith(ErrorCode::kNotFound, "none.tsv"));
}

TEST_F(TaxonomyReaderTest, AFolderIsRefused) {
  EXPECT_THAT(LoadTaxonomy(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "is not a regular file"));
}

TEST_F(TaxonomyReaderTest, AnEmptyFileIsRefused) {
  ExpectRefused("", "taxonomy.txt is empty");
  ExpectRefused("\n \n", "taxonomy.txt is empty");
}

TEST_F(TaxonomyReaderTest, ATableWithoutCategoriesIsRefused) {
  ExpectRefused("level1\tlevel2\tlevel3\n", "taxonomy has no categories");
}

TEST_F(TaxonomyReaderTest, SomethingElseIsRefused) {
  ExpectRefused("{\"id\": \"c1\"}\n", "is neither a table");
  ExpectRefused("# only a > comment\n", "is neither a table");
}

TEST_F(TaxonomyReaderTest, AMissingColumnIsNamed) {
  ExpectRefused("id\tlevel1\tlevel2\nc1\tA\tB\n",
                "taxonomy.txt:1: the header lacks column \"level3\"");
  ExpectRefused("id\tname\nc1\tA\n", "taxonomy.txt:1: the header lacks column \"level1\"");
}

TEST_F(TaxonomyReaderTest, AColumnThatOccursTwiceIsRefused) {
  ExpectRefused("level1\tlevel2\tlevel3\tlevel2\n", "taxonomy.txt:1: the header names column");
}

TEST_F(TaxonomyReaderTest, ARowOfAnotherWidthIsNamed) {
  ExpectRefused("level1\tlevel2\tlevel3\nA\tB\n",
                "taxonomy.txt:2: row has 2 columns, the header 3");
}

TEST_F(TaxonomyReaderTest, ARowWithoutLevel1IsNamed) {
  ExpectRefused("level1\tlevel2\tlevel3\n\tB\tC\n", "taxonomy.txt:2: \"level1\" is empty");
}

TEST_F(TaxonomyReaderTest, ARepeatedIdNamesBothLines) {
  ExpectRefused("id\tlevel1\tlevel2\tlevel3\nc1\tA\tB\tC\nc1\tA\tB\tD\n",
                "taxonomy.txt:3: category id \"c1\" is on line 2 already");
  ExpectRefused("1 - A > B > C\n1 - A > B > D\n", "taxonomy.txt:2: id \"1\" is on line 1 already");
}

TEST_F(TaxonomyReaderTest, ARepeatedPathNamesBothLines) {
  ExpectRefused("id\tlevel1\tlevel2\tlevel3\nc1\tA\tB\tC\nc2\tA\tB\tC\n",
                "taxonomy.txt:3: category \"A > B > C\" is on line 2 already");
  ExpectRefused("A > B > C\n\nA > B > C\n", "taxonomy.txt:3: path \"A > B > C\" is on line 1");
}

TEST_F(TaxonomyReaderTest, AnEmptyLevelOfAPathIsNamed) {
  ExpectRefused("A > B > C\nA >  > C\n", "taxonomy.txt:2: level 2 of the path is empty");
}

TEST_F(TaxonomyReaderTest, AnEndlessNameIsRefused) {
  ExpectRefused("A > " + std::string(300, 'x'), "level 2 of the path is longer than 256 bytes");
  ExpectRefused("level1\tlevel2\tlevel3\nA\tB\t" + std::string(300, 'x') + "\n",
                "taxonomy.txt:2: a name is longer than 256 bytes");
}

TEST_F(TaxonomyReaderTest, BytesThatAreNotTextAreRefused) {
  ExpectRefused("A > B\xFF > C\n", "taxonomy.txt:1: line is not valid UTF-8");
  ExpectRefused(std::string("A > B > C\nA\0 > B\n", 17), "taxonomy.txt:2: line holds a NUL byte");
}

}  // namespace
}  // namespace twohop
