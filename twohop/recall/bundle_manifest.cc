#include "twohop/recall/bundle_manifest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/json.h"
#include "twohop/base/time_format.h"
#include "twohop/recall/bundle.h"

namespace twohop::recall_internal {
namespace {

constexpr std::size_t kHashDigits = 16;
constexpr std::array kRequiredFiles = {kCatalogFile,    kCategoriesFile, kIndexFile,
                                       kPopularityFile, kNewestFile,     kCoClicksFile};

// Objects print with sorted keys, so that equal content has equal text.
std::string ChecksumOf(Json json) {
  json.erase("checksum");
  return HashHex(Hash64(DumpJson(json)));
}

bool IsHash(std::string_view text) {
  return text.size() == kHashDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::uint64_t> ParseHash(std::string_view text) {
  if (!IsHash(text)) return DataLoss(fmt::format("\"{}\" is not a checksum", text));
  std::uint64_t hash = 0;
  std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  return hash;
}

// The checksum is no proof against a file that was made to harm: nothing outside the folder is
// read.
bool StaysInFolder(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

Result<ManifestFile> ParseFile(const Json& json) {
  ManifestFile file;
  TWOHOP_ASSIGN_OR_RETURN(file.path, RequireString(json, "path"));
  if (!StaysInFolder(file.path)) {
    return DataLoss(fmt::format("\"{}\" is not a file of the bundle", file.path));
  }
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t bytes, OptionalInteger(json, "bytes", 0));
  file.bytes = static_cast<std::uint64_t>(bytes);
  TWOHOP_ASSIGN_OR_RETURN(const std::string hash, RequireString(json, "xxh3"));
  TWOHOP_ASSIGN_OR_RETURN(file.hash, ParseHash(hash));
  return file;
}

bool HasFile(const Manifest& manifest, std::string_view path) {
  return std::any_of(manifest.files.begin(), manifest.files.end(),
                     [&](const ManifestFile& file) { return file.path == path; });
}

Result<Manifest> ParseContent(const Json& json) {
  Manifest manifest;
  TWOHOP_ASSIGN_OR_RETURN(const std::string created, RequireString(json, "created"));
  TWOHOP_ASSIGN_OR_RETURN(manifest.created, ParseTime(created));
  TWOHOP_ASSIGN_OR_RETURN(manifest.text_encoder, RequireString(json, "text_encoder"));
  const auto files = json.find("files");
  if (files == json.end() || !files->is_array()) return DataLoss("field \"files\" is not a list");
  for (const Json& entry : *files) {
    TWOHOP_ASSIGN_OR_RETURN(ManifestFile file, ParseFile(entry));
    manifest.files.push_back(std::move(file));
  }
  for (const std::string_view required : kRequiredFiles) {
    if (!HasFile(manifest, required)) return DataLoss(fmt::format("{} is not listed", required));
  }
  return manifest;
}

Status VerifyFile(const std::filesystem::path& dir, const ManifestFile& file) {
  const auto path = dir / file.path;
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(path, error);
  if (error) return DataLoss(fmt::format("{}: {}", path.string(), error.message()));
  if (bytes != file.bytes) {
    return DataLoss(fmt::format("{}: {} bytes instead of {}", path.string(), bytes, file.bytes));
  }
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t hash, HashFile(path));
  if (hash != file.hash) return DataLoss(fmt::format("{}: bad checksum", path.string()));
  return Ok();
}

}  // namespace

bool IsVersionName(std::string_view name) { return IsHash(name); }

std::string Manifest::version() const {
  Hasher hasher;
  hasher.Add(static_cast<std::uint64_t>(kBundleFormat)).Add(text_encoder);
  for (const ManifestFile& file : files) hasher.Add(file.path).Add(file.bytes).Add(file.hash);
  return hasher.hex();
}

std::string EncodeManifest(const Manifest& manifest) {
  Json files = Json::array();
  for (const ManifestFile& file : manifest.files) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"xxh3", HashHex(file.hash)}});
  }
  Json json = {{"format", kBundleFormat},
               {"version", manifest.version()},
               {"created", FormatTime(manifest.created)},
               {"text_encoder", manifest.text_encoder},
               {"files", std::move(files)}};
  json["checksum"] = ChecksumOf(json);
  return json.dump(2) + "\n";
}

Result<Manifest> DecodeManifest(std::string_view text) {
  const auto json = ParseJson(text);
  if (!json.has_value()) return DataLoss(json.error().message());
  if (!json->is_object()) return DataLoss("not an object");
  const auto checksum = RequireString(*json, "checksum");
  if (!checksum.has_value() || *checksum != ChecksumOf(*json)) return DataLoss("bad checksum");
  const auto format = OptionalInteger(*json, "format", 0);
  if (!format.has_value()) return DataLoss(format.error().message());
  if (*format < kBundleFormat) {
    return FailedPrecondition(fmt::format(
        "bundle of format {}; this build reads format {}: run `twohop index` to write a new one",
        *format, kBundleFormat));
  }
  if (*format > kBundleFormat) {
    return Unimplemented(
        fmt::format("bundle of format {}; this build reads format {}", *format, kBundleFormat));
  }
  auto manifest = ParseContent(*json);
  if (!manifest.has_value()) return DataLoss(manifest.error().message());
  return manifest;
}

Result<Manifest> VerifyBundleFiles(const std::filesystem::path& dir) {
  const auto path = dir / kManifestFile;
  TWOHOP_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  auto manifest = DecodeManifest(text);
  if (!manifest.has_value()) return Annotate(manifest, path.string());
  for (const ManifestFile& file : manifest->files) {
    TWOHOP_RETURN_IF_ERROR(VerifyFile(dir, file));
  }
  return manifest;
}

}  // namespace twohop::recall_internal
