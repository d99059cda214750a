// Where a generated community is written.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop {

enum class CommunityFile : std::uint8_t {
  kTaxonomy,
  kItems,
  kUsers,
  kEvents,
  kTruth,  // What the system must not see: for evaluation alone.
};
inline constexpr std::size_t kCommunityFileCount = 5;

// Takes whole rows with their newlines, in order.
//
// Not thread-safe.
class CommunityOutput {
 public:
  virtual ~CommunityOutput() = default;

  // Errors: kResourceExhausted if the disk is full; kUnavailable for any other failure.
  virtual Status Append(CommunityFile file, std::string_view rows) = 0;

  // Makes all files visible; nothing may be appended afterwards.
  //
  // Errors: as Append.
  virtual Status Finish() = 0;
};

// Writes taxonomy.tsv, items.jsonl, users.jsonl and events.jsonl into `folder` and the truth into
// `truth_file`, which lies elsewhere so that an import of the folder never meets it. Folders are
// made if needed. Files are written under the name "<file>.part" and get their names in Finish(),
// replacing older ones; without Finish() the parts are removed.
//
// Errors: kInvalidArgument if `truth_file` lies in or below `folder`; as Append otherwise.
Result<std::unique_ptr<CommunityOutput>> OpenCommunityFolder(
    const std::filesystem::path& folder, const std::filesystem::path& truth_file);

}  // namespace twohop
