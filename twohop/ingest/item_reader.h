// Catalogues from files.

#pragma once

#include <filesystem>
#include <memory>

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/ingest/reject_report.h"

namespace twohop {

// Reads items from JSON lines, CSV or TSV (docs/formats.md) into memory, in the order of the file.
// A row that breaks a rule goes to `rejects` and the rest is read; of two rows with one id the
// first is kept.
//
// Errors: kNotFound if there is no such file; kInvalidArgument if its extension is not known, it is
// not a regular file, is empty, its header lacks a column, or no row is left; those of
// RejectReport::Add; kUnavailable if it cannot be read.
Result<Catalog> LoadCatalog(const std::filesystem::path& path,
                            std::shared_ptr<const Taxonomy> taxonomy, RejectReport& rejects,
                            Progress& progress);

}  // namespace twohop
