// What a bundle's folder holds, and how it is proven whole.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop::recall_internal {

// The folder <bundles>/<version>:
//
//   manifest.json       see Manifest; written last
//   catalog.bin         see catalog_codec.h
//   categories.bin      see towers/embedding_file.h
//   items.index         see ann/index_image.h
//   popularity.bin      a record of BinaryWriter: count, then that many item indices
//   newest.bin          likewise
//   co_clicks.bin       see co_click_table.h
//   model/...           as twohop-train wrote it
//
// and beside it <bundles>/CURRENT: the version that is served, and a newline. A folder whose name
// starts with '.' is being written.
inline constexpr std::string_view kManifestFile = "manifest.json";
inline constexpr std::string_view kCatalogFile = "catalog.bin";
inline constexpr std::string_view kCategoriesFile = "categories.bin";
inline constexpr std::string_view kIndexFile = "items.index";
inline constexpr std::string_view kPopularityFile = "popularity.bin";
inline constexpr std::string_view kNewestFile = "newest.bin";
inline constexpr std::string_view kCoClicksFile = "co_clicks.bin";
inline constexpr std::string_view kModelFolder = "model";
inline constexpr std::string_view kCurrentFile = "CURRENT";
inline constexpr std::string_view kWritingFolder = ".writing";

struct ManifestFile {
  std::string path;  // Relative to the folder, with '/'.
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;  // XXH3 of the content.

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct Manifest {
  TimePoint created;
  std::string text_encoder;
  std::vector<ManifestFile> files;  // Every file but the manifest.

  // Of encoder and files, not of the time.
  std::string version() const;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// JSON with a checksum over itself.
std::string EncodeManifest(const Manifest& manifest);

// Errors: kDataLoss if the text is damaged or lacks a file that every bundle has; kUnimplemented if
// a newer version wrote it; kFailedPrecondition if an older one did, which is to be written anew.
Result<Manifest> DecodeManifest(std::string_view text);

// Reads the manifest of the bundle in `dir` and compares every file with it.
//
// Errors: see LoadBundle.
Result<Manifest> VerifyBundleFiles(const std::filesystem::path& dir);

// Whether `name` has the form of a version: it is safe to use as the name of a folder.
bool IsVersionName(std::string_view name);

}  // namespace twohop::recall_internal
