#include "twohop/recall/bundle.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/bundle_manifest.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop {
namespace {

namespace fs = std::filesystem;
using recall_internal::kCurrentFile;
using recall_internal::kManifestFile;
using recall_internal::kWritingFolder;
using testing::ElementsAre;

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    dir_.Write("model/model.json", "{}");
    dir_.Write("model/weights.bin", "weights");
    parts_.catalog = MakeTinyCatalog();
    parts_.category_vectors = category_vectors_;
    parts_.text_encoder = kTinyTextEncoder;
    parts_.item_vectors = item_vectors_;
    parts_.model_dir = dir_.path() / "model";
    parts_.popularity = MakeTinyPopularity();
    parts_.newest = {ItemIndex(7), ItemIndex(3)};
    parts_.co_clicks = MakeTinyCoClicks();
    parts_.created = TimePoint(Milliseconds(1'700'000'000'000));
  }

  // Each write of another `n` is another content, an hour later.
  std::string WriteVersion(int n, std::size_t keep = 3) {
    parts_.text_encoder = "encoder-" + std::to_string(n);
    parts_.created += std::chrono::hours(1);
    const auto version = WriteBundle(parts_, bundles_, {.keep = keep});
    EXPECT_THAT(version, IsOk());
    return version.value_or("");
  }

  Result<std::shared_ptr<const Bundle>> LoadCurrent() const {
    return LoadCurrentBundle(bundles_, &LoadFakeUserEncoder);
  }
  // "" if there is none that loads.
  std::string LoadedVersion() const {
    const auto bundle = LoadCurrent();
    return bundle.has_value() ? (*bundle)->version() : "";
  }

  void FlipByte(const fs::path& path) {
    std::string content = ReadFile(path).value();
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    Replace(path, content);
  }
  void Cut(const fs::path& path) {
    std::string content = ReadFile(path).value();
    content.pop_back();
    Replace(path, content);
  }
  void Replace(const fs::path& path, std::string_view content) {
    dir_.Write(fs::relative(path, dir_.path()).string(), content);
  }
  void SetCurrent(std::string_view content) { Replace(bundles_ / kCurrentFile, content); }

  std::vector<std::string> VersionFolders() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(bundles_)) {
      if (entry.is_directory()) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TempDir dir_;
  fs::path bundles_ = dir_.path() / "bundles";
  Embeddings category_vectors_ = MakeTinyCategoryVectors();
  Embeddings item_vectors_ = MakeTinyItemVectors();
  BundleParts parts_;
};

bool SameRows(EmbeddingsView a, EmbeddingsView b) {
  return a.dim() == b.dim() &&
         std::equal(a.data().begin(), a.data().end(), b.data().begin(), b.data().end());
}

TEST_F(BundleTest, EverythingThatWasWrittenIsLoaded) {
  ASSERT_OK_AND_ASSIGN(const std::string version, WriteBundle(parts_, bundles_));
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  EXPECT_EQ(bundle->version(), version);
  EXPECT_EQ(bundle->created(), parts_.created);
  EXPECT_EQ(bundle->text_encoder(), kTinyTextEncoder);
  EXPECT_EQ(bundle->catalog().fingerprint(), parts_.catalog->fingerprint());
  EXPECT_TRUE(SameRows(bundle->category_vectors(), category_vectors_));
  EXPECT_TRUE(SameRows(bundle->item_vectors(), item_vectors_));
  EXPECT_TRUE(std::equal(bundle->popularity().begin(), bundle->popularity().end(),
                         parts_.popularity.begin(), parts_.popularity.end()));
  EXPECT_THAT(bundle->newest(), ElementsAre(ItemIndex(7), ItemIndex(3)));
  EXPECT_EQ(bundle->co_clicks(), parts_.co_clicks);
  EXPECT_EQ(bundle->user_encoder().dim(), item_vectors_.dim());
}

TEST_F(BundleTest, TheModelFolderIsCopied) {
  ASSERT_OK_AND_ASSIGN(const std::string version, WriteBundle(parts_, bundles_));
  EXPECT_EQ(ReadFile(bundles_ / version / "model" / "weights.bin").value(), "weights");
  EXPECT_EQ(ReadFile(bundles_ / version / "model" / "model.json").value(), "{}");
}

TEST_F(BundleTest, TheIndexIsPartitionedByLevel1AndUnavailableItemsLieApart) {
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  const std::vector<Level1Index> all_but_sports = {Level1Index(0), Level1Index(1), Level1Index(2),
                                                   kUnavailablePartition};
  const auto found =
      bundle->index().Search(EmbeddingsView(item_vectors_.row(0), item_vectors_.dim()),
                             {.k = 100, .excluded = all_but_sports});
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->front().size(), 11);  // Of 12: "mats-0" is not available.
}

TEST_F(BundleTest, TheAvailableItemsOfACategoryAreListedMostPopularFirst) {
  parts_.popularity = {ItemIndex(39), ItemIndex(37), ItemIndex(36)};  // Of mats; 36 is unavailable.
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  EXPECT_THAT(
      bundle->items_of(CategoryIndex(6)),
      ElementsAre(ItemIndex(39), ItemIndex(37), ItemIndex(38), ItemIndex(40), ItemIndex(41)));
}

TEST_F(BundleTest, TheCategoryIndexFindsCategories) {
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  const auto found = bundle->category_index().Search(
      EmbeddingsView(category_vectors_.row(6), category_vectors_.dim()), {.k = 2, .excluded = {}});
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->front()[0].item, ItemIndex(6));
  EXPECT_EQ(found->front()[1].item, ItemIndex(7));  // Of the same level 1.
}

TEST_F(BundleTest, EqualPartsGiveTheSameVersionWheneverTheyAreWritten) {
  ASSERT_OK_AND_ASSIGN(const std::string first, WriteBundle(parts_, bundles_));
  parts_.created += std::chrono::hours(5);
  ASSERT_OK_AND_ASSIGN(const std::string again, WriteBundle(parts_, bundles_));
  EXPECT_EQ(first, again);
  EXPECT_EQ(LoadedVersion(), first);
}

TEST_F(BundleTest, TheNewestWrittenBundleIsCurrent) {
  const std::string first = WriteVersion(1);
  const std::string second = WriteVersion(2);
  EXPECT_NE(first, second);
  EXPECT_EQ(CurrentBundleVersion(bundles_).value(), second);
  EXPECT_EQ(LoadedVersion(), second);
}

TEST_F(BundleTest, WritingAnOldVersionAgainGoesBackToIt) {
  const std::string first = WriteVersion(1);
  WriteVersion(2);
  WriteVersion(1);
  EXPECT_EQ(LoadedVersion(), first);
}

TEST_F(BundleTest, AVersionThatIsDamagedIsWrittenAgain) {
  const std::string version = WriteVersion(1);
  FlipByte(bundles_ / version / "items.index");
  EXPECT_EQ(LoadedVersion(), "");
  WriteVersion(1);
  EXPECT_EQ(LoadedVersion(), version);
}

TEST_F(BundleTest, OldBundlesAreRemovedButTheLastFew) {
  WriteVersion(1, 2);
  const std::string second = WriteVersion(2, 2);
  const std::string third = WriteVersion(3, 2);
  std::vector<std::string> kept = {second, third};
  std::sort(kept.begin(), kept.end());
  EXPECT_EQ(VersionFolders(), kept);
}

TEST_F(BundleTest, KeepingOneKeepsTheCurrentOne) {
  WriteVersion(1);
  const std::string second = WriteVersion(2, 1);
  EXPECT_THAT(VersionFolders(), ElementsAre(second));
  EXPECT_EQ(LoadedVersion(), second);
}

TEST_F(BundleTest, ABundleInUseSurvivesItsRemoval) {
  WriteVersion(1);
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  WriteVersion(2, 1);
  EXPECT_TRUE(SameRows(bundle->item_vectors(), item_vectors_));
}

TEST_F(BundleTest, AnEmptyCatalogueIsABundleToo) {
  parts_.catalog = std::make_shared<const Catalog>(Catalog::Build(MakeTinyTaxonomy(), {}).value());
  parts_.item_vectors = EmbeddingsView({}, item_vectors_.dim());
  parts_.popularity.clear();
  parts_.newest.clear();
  parts_.co_clicks = {};
  ASSERT_THAT(WriteBundle(parts_, bundles_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto bundle, LoadCurrent());
  EXPECT_EQ(bundle->catalog().size(), 0);
}

// A crash while writing, at each step.

TEST_F(BundleTest, ACrashBeforeTheFolderHasItsNameLeavesTheOldBundleCurrent) {
  const std::string old = WriteVersion(1);
  const std::string next = WriteVersion(2);
  fs::rename(bundles_ / next, bundles_ / kWritingFolder);
  fs::remove(bundles_ / kWritingFolder / kManifestFile);
  SetCurrent(old + "\n");
  EXPECT_EQ(LoadedVersion(), old);
  EXPECT_EQ(WriteVersion(2), next);  // What was left behind is in nobody's way.
  EXPECT_EQ(LoadedVersion(), next);
  EXPECT_FALSE(fs::exists(bundles_ / kWritingFolder));
}

TEST_F(BundleTest, ACrashBeforeCurrentIsReplacedLeavesTheOldBundleCurrent) {
  const std::string old = WriteVersion(1);
  const std::string next = WriteVersion(2);
  SetCurrent(old + "\n");
  EXPECT_EQ(LoadedVersion(), old);
  EXPECT_EQ(WriteVersion(2), next);
  EXPECT_EQ(LoadedVersion(), next);
}

TEST_F(BundleTest, AFailedWriteLeavesTheOldBundleCurrent) {
  const std::string old = WriteVersion(1);
  parts_.text_encoder = "encoder-2";
  parts_.model_dir = dir_.path() / "nowhere";
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kNotFound, "nowhere"));
  EXPECT_EQ(LoadedVersion(), old);
}

// Damage.

class DamagedFileTest : public BundleTest, public testing::WithParamInterface<const char*> {};

TEST_P(DamagedFileTest, AFlippedByteIsDataLossAndNamesTheFile) {
  FlipByte(bundles_ / WriteVersion(1) / GetParam());
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, GetParam()));
}

TEST_P(DamagedFileTest, ACutFileIsDataLossAndNamesTheFile) {
  Cut(bundles_ / WriteVersion(1) / GetParam());
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, GetParam()));
}

TEST_P(DamagedFileTest, AMissingFileIsDataLossAndNamesTheFile) {
  fs::remove(bundles_ / WriteVersion(1) / GetParam());
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(EveryFile, DamagedFileTest,
                         testing::Values("catalog.bin", "categories.bin", "items.index",
                                         "popularity.bin", "newest.bin", "co_clicks.bin",
                                         "model/weights.bin"),
                         [](const auto& file) {
                           std::string name = file.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

TEST_F(BundleTest, AMissingManifestIsNotFound) {
  fs::remove(bundles_ / WriteVersion(1) / kManifestFile);
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kNotFound, "manifest.json"));
}

TEST_F(BundleTest, ADamagedManifestIsDataLoss) {
  FlipByte(bundles_ / WriteVersion(1) / kManifestFile);
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, "manifest.json"));
}

TEST_F(BundleTest, NoBundleYetIsNotFound) {
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kNotFound, "CURRENT"));
  EXPECT_THAT(CurrentBundleVersion(bundles_), FailsWith(ErrorCode::kNotFound, "CURRENT"));
}

TEST_F(BundleTest, CurrentThatNamesNothingIsNotFound) {
  WriteVersion(1);
  SetCurrent("0123456789abcdef\n");
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kNotFound, "0123456789abcdef"));
}

TEST_F(BundleTest, CurrentThatIsNoVersionIsDataLoss) {
  WriteVersion(1);
  SetCurrent("../somewhere");
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, "CURRENT"));
  SetCurrent("");
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, "CURRENT"));
}

TEST_F(BundleTest, AFolderWithAnotherVersionsNameIsDataLoss) {
  const std::string version = WriteVersion(1);
  fs::rename(bundles_ / version, bundles_ / "0123456789abcdef");
  SetCurrent("0123456789abcdef\n");
  EXPECT_THAT(LoadCurrent(), FailsWith(ErrorCode::kDataLoss, version));
}

TEST_F(BundleTest, AnErrorOfTheLoaderIsPassedUp) {
  WriteVersion(1);
  const auto failing = [](const fs::path&, const std::shared_ptr<const Catalog>&, EmbeddingsView,
                          std::string_view) -> Result<std::unique_ptr<const UserEncoder>> {
    return FailedPrecondition("another text encoder");
  };
  EXPECT_THAT(LoadCurrentBundle(bundles_, failing),
              FailsWith(ErrorCode::kFailedPrecondition, "another text encoder"));
}

TEST_F(BundleTest, AModelOfAnotherDimensionIsDataLoss) {
  WriteVersion(1);
  const auto narrow = [](const fs::path&, const std::shared_ptr<const Catalog>& catalog,
                         EmbeddingsView, std::string_view) {
    return Result<std::unique_ptr<const UserEncoder>>(
        MakeFakeUserEncoder(catalog, Embeddings(catalog->taxonomy().size(), 5)));
  };
  EXPECT_THAT(LoadCurrentBundle(bundles_, narrow), FailsWith(ErrorCode::kDataLoss, "5 components"));
}

// Parts that do not fit together.

TEST_F(BundleTest, ABundleNeedsACatalogue) {
  parts_.catalog = nullptr;
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "catalogue"));
}

TEST_F(BundleTest, ABundleNeedsTheNameOfItsTextEncoder) {
  parts_.text_encoder.clear();
  EXPECT_THAT(WriteBundle(parts_, bundles_),
              FailsWith(ErrorCode::kInvalidArgument, "text_encoder"));
}

TEST_F(BundleTest, EveryCategoryNeedsAVector) {
  parts_.category_vectors = item_vectors_;
  EXPECT_THAT(WriteBundle(parts_, bundles_),
              FailsWith(ErrorCode::kInvalidArgument, "48 category vectors for 8"));
}

TEST_F(BundleTest, EveryItemNeedsAVector) {
  parts_.item_vectors = category_vectors_;
  EXPECT_THAT(WriteBundle(parts_, bundles_),
              FailsWith(ErrorCode::kInvalidArgument, "8 item vectors for 48"));
}

TEST_F(BundleTest, VectorsMustBeFinite) {
  item_vectors_.mutable_row(3)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "item 3"));
}

TEST_F(BundleTest, PopularItemsMustBeInTheCatalogueAndOccurOnce) {
  parts_.popularity = {ItemIndex(48)};
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "item 48"));
  parts_.popularity = {ItemIndex(1), ItemIndex(1)};
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "twice"));
}

TEST_F(BundleTest, NewItemsMustBeInTheCatalogueAndOccurOnce) {
  parts_.newest = {ItemIndex(48)};
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "new item 48"));
  parts_.newest = {ItemIndex(1), ItemIndex(1)};
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "twice"));
}

TEST_F(BundleTest, CoClicksAreThoseOfTheCatalogue) {
  parts_.co_clicks.Append({});
  EXPECT_THAT(WriteBundle(parts_, bundles_),
              FailsWith(ErrorCode::kInvalidArgument, "co-clicks of 49 items for 48"));
}

TEST_F(BundleTest, ABundleOfAnOlderFormatIsRefusedAndSaysWhatToRun) {
  const fs::path manifest = bundles_ / WriteVersion(1) / kManifestFile;
  Json json = Json::parse(ReadFile(manifest).value());
  json["format"] = kBundleFormat - 1;
  json.erase("checksum");
  json["checksum"] = HashHex(Hash64(DumpJson(json)));
  Replace(manifest, DumpJson(json));
  EXPECT_THAT(LoadCurrent(),
              FailsWith(ErrorCode::kFailedPrecondition, "run `twohop index` to write a new one"));
}

TEST_F(BundleTest, AtLeastOneBundleIsKept) {
  EXPECT_THAT(WriteBundle(parts_, bundles_, {.keep = 0}),
              FailsWith(ErrorCode::kInvalidArgument, "keep"));
}

TEST_F(BundleTest, AModelFolderWithoutFilesIsNotFound) {
  fs::remove_all(parts_.model_dir);
  fs::create_directory(parts_.model_dir);
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kNotFound, "no model"));
}

TEST_F(BundleTest, AModelFolderHoldsPlainFilesOnly) {
  fs::create_directory(parts_.model_dir / "checkpoints");
  EXPECT_THAT(WriteBundle(parts_, bundles_), FailsWith(ErrorCode::kInvalidArgument, "checkpoints"));
}

TEST_F(BundleTest, AFolderThatCannotBeMadeIsAnError) {
  dir_.Write("file", "");
  EXPECT_THAT(WriteBundle(parts_, dir_.path() / "file"),
              FailsWith(ErrorCode::kUnavailable, "file"));
}

TEST(RankByClicksTest, MoreClicksComeFirstAndTiesKeepTheOrder) {
  EXPECT_THAT(RankByClicks(std::vector<std::uint64_t>{0, 5, 2, 5}),
              ElementsAre(ItemIndex(1), ItemIndex(3), ItemIndex(2), ItemIndex(0)));
  EXPECT_THAT(RankByClicks({}), testing::IsEmpty());
}

TEST(RankByNewnessTest, LaterTimesComeFirstTiesKeepTheOrderAndItemsWithoutATimeAreLeftOut) {
  const TimePoint day(Milliseconds(86'400'000));
  EXPECT_THAT(RankByNewness(std::vector<std::optional<TimePoint>>{TimePoint(), std::nullopt, day,
                                                                  TimePoint(), day}),
              ElementsAre(ItemIndex(2), ItemIndex(4), ItemIndex(0), ItemIndex(3)));
}

}  // namespace
}  // namespace twohop
