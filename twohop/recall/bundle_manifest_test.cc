#include "twohop/recall/bundle_manifest.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/hash.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop::recall_internal {
namespace {

Manifest SomeManifest() {
  Manifest manifest;
  manifest.created = TimePoint(Milliseconds(1'700'000'000'123));
  manifest.text_encoder = "MiniLM";
  manifest.files = {{"catalog.bin", 10, 0xABCDEF},
                    {"categories.bin", 1, 2},
                    {"items.index", 3, 4},
                    {"popularity.bin", 5, 6},
                    {"newest.bin", 8, 9},
                    {"co_clicks.bin", 10, 11},
                    {"model/weights.bin", 7, ~std::uint64_t{0}}};
  return manifest;
}

// The manifest with a change and a checksum that fits it.
template <typename Change>
std::string Forged(Change change) {
  Json json = Json::parse(EncodeManifest(SomeManifest()));
  change(json);
  json.erase("checksum");
  json["checksum"] = HashHex(Hash64(DumpJson(json)));
  return DumpJson(json);
}

TEST(BundleManifestTest, EveryFieldSurvives) {
  ASSERT_OK_AND_ASSIGN(const Manifest read, DecodeManifest(EncodeManifest(SomeManifest())));
  EXPECT_EQ(read, SomeManifest());
}

TEST(BundleManifestTest, TheVersionDependsOnTheContentAndNotOnTheTime) {
  Manifest later = SomeManifest();
  later.created += std::chrono::hours(1);
  EXPECT_EQ(later.version(), SomeManifest().version());
  Manifest other = SomeManifest();
  ++other.files[0].hash;
  EXPECT_NE(other.version(), SomeManifest().version());
  Manifest encoder = SomeManifest();
  encoder.text_encoder = "e5";
  EXPECT_NE(encoder.version(), SomeManifest().version());
}

TEST(BundleManifestTest, AVersionIsAVersionName) {
  EXPECT_TRUE(IsVersionName(SomeManifest().version()));
  EXPECT_FALSE(IsVersionName(""));
  EXPECT_FALSE(IsVersionName("../../etc/passwd"));
  EXPECT_FALSE(IsVersionName("0123456789ABCDEF"));
}

TEST(BundleManifestTest, AFlippedBitAnywhereIsDataLoss) {
  const std::string whole = EncodeManifest(SomeManifest());
  // The closing brace and newline apart, where damage to white space would be harmless.
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (whole[at] == ' ' || whole[at] == '\n') continue;
    std::string text = whole;
    text[at] = static_cast<char>(text[at] ^ 0x01);
    ASSERT_THAT(DecodeManifest(text), FailsWith(ErrorCode::kDataLoss, "")) << "at " << at;
  }
}

TEST(BundleManifestTest, TextThatIsNotAnObjectIsDataLoss) {
  EXPECT_THAT(DecodeManifest(""), FailsWith(ErrorCode::kDataLoss, ""));
  EXPECT_THAT(DecodeManifest("[1]"), FailsWith(ErrorCode::kDataLoss, "not an object"));
  EXPECT_THAT(DecodeManifest("{}"), FailsWith(ErrorCode::kDataLoss, "bad checksum"));
}

TEST(BundleManifestTest, ANewerFormatIsUnimplemented) {
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["format"] = 3; })),
              FailsWith(ErrorCode::kUnimplemented, "format 3"));
}

TEST(BundleManifestTest, AnOlderFormatIsToBeWrittenAnew) {
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["format"] = 1; })),
              FailsWith(ErrorCode::kFailedPrecondition, "run `twohop index`"));
}

TEST(BundleManifestTest, FilesOutsideTheFolderAreDataLoss) {
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["files"][0]["path"] = "../x"; })),
              FailsWith(ErrorCode::kDataLoss, "../x"));
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["files"][0]["path"] = "/etc/x"; })),
              FailsWith(ErrorCode::kDataLoss, "/etc/x"));
}

TEST(BundleManifestTest, AFileThatEveryBundleHasMustBeListed) {
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["files"].erase(2); })),
              FailsWith(ErrorCode::kDataLoss, "items.index is not listed"));
}

TEST(BundleManifestTest, FieldsOfAnotherTypeAreDataLoss) {
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["files"] = 1; })),
              FailsWith(ErrorCode::kDataLoss, "files"));
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["files"][0]["xxh3"] = "zz"; })),
              FailsWith(ErrorCode::kDataLoss, "zz"));
  EXPECT_THAT(DecodeManifest(Forged([](Json& json) { json["created"] = "yesterday"; })),
              FailsWith(ErrorCode::kDataLoss, "yesterday"));
}

}  // namespace
}  // namespace twohop::recall_internal
