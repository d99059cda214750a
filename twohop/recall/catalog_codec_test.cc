#include "twohop/recall/catalog_codec.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/binary.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop::recall_internal {
namespace {

std::shared_ptr<const Catalog> RichCatalog() {
  Category category;
  category.id = "c1";
  category.level1 = "Küche";
  category.level2 = "Geräte";
  category.level3 = "Kettles";
  category.alternative_name = "水壶";
  category.terms = {"kettle", "tea"};
  category.tags = {"hot"};
  category.aliases = {"c1.1", "c1.2"};
  Item item;
  item.id = ItemId("i1");
  item.title = "Kettle \"1.7 l\"";
  item.brand = "Acme";
  item.tags = {"steel", "red"};
  item.available = false;
  auto taxonomy = std::make_shared<const Taxonomy>(Taxonomy::Build({category}).value());
  return std::make_shared<const Catalog>(Catalog::Build(taxonomy, {item}).value());
}

TEST(CatalogCodecTest, EveryFieldSurvives) {
  const auto catalog = RichCatalog();
  ASSERT_OK_AND_ASSIGN(const Catalog read, DecodeCatalog(EncodeCatalog(*catalog)));
  EXPECT_EQ(read.taxonomy().at(CategoryIndex(0)), catalog->taxonomy().at(CategoryIndex(0)));
  EXPECT_EQ(read.at(ItemIndex(0)), catalog->at(ItemIndex(0)));
  EXPECT_EQ(read.fingerprint(), catalog->fingerprint());
}

TEST(CatalogCodecTest, OrderSurvives) {
  const auto catalog = MakeTinyCatalog();
  ASSERT_OK_AND_ASSIGN(const Catalog read, DecodeCatalog(EncodeCatalog(*catalog)));
  EXPECT_EQ(read.fingerprint(), catalog->fingerprint());
  EXPECT_EQ(read.Find("kettles-3"), catalog->Find("kettles-3"));
}

TEST(CatalogCodecTest, EveryCutIsDataLoss) {
  const std::string whole = EncodeCatalog(*RichCatalog());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_THAT(DecodeCatalog(whole.substr(0, size)), FailsWith(ErrorCode::kDataLoss, "")) << size;
  }
}

TEST(CatalogCodecTest, BytesLeftOverAreDataLoss) {
  EXPECT_THAT(DecodeCatalog(EncodeCatalog(*RichCatalog()) + "x"),
              FailsWith(ErrorCode::kDataLoss, "too many"));
}

TEST(CatalogCodecTest, AnotherKindOfRecordIsDataLoss) {
  EXPECT_THAT(DecodeCatalog("something else"), FailsWith(ErrorCode::kDataLoss, "not a catalogue"));
}

TEST(CatalogCodecTest, ANewerVersionIsUnimplemented) {
  BinaryWriter out;
  out.Bytes("twohop catalog");
  out.Unsigned(2);
  EXPECT_THAT(DecodeCatalog(out.str()), FailsWith(ErrorCode::kUnimplemented, "version 2"));
}

TEST(CatalogCodecTest, AnItemOutsideTheTaxonomyIsDataLoss) {
  BinaryWriter out;
  out.Bytes("twohop catalog");
  out.Unsigned(1);
  out.Unsigned(1);
  for (const char* field : {"c", "l1", "l2", "l3", ""}) out.Bytes(field);
  for (int list = 0; list < 3; ++list) out.Unsigned(0);
  out.Unsigned(1);
  out.Bytes("i");
  out.Bytes("title");
  out.Unsigned(7);  // There is one category.
  out.Bytes("brand");
  out.Unsigned(0);
  out.Unsigned(1);
  EXPECT_THAT(DecodeCatalog(out.str()), FailsWith(ErrorCode::kDataLoss, "catalogue"));
}

}  // namespace
}  // namespace twohop::recall_internal
