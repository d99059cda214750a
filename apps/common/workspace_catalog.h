// The catalogue that `twohop import` left in a workspace.

#pragma once

#include <memory>

#include "apps/common/workspace.h"

#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"

namespace twohop::app {

// Errors: kFailedPrecondition if nothing was imported yet; those of LoadTaxonomy and LoadCatalog;
// kDataLoss if the catalogue has rows that import would not have left there.
Result<std::shared_ptr<const Catalog>> LoadWorkspaceCatalog(const Workspace& workspace);

}  // namespace twohop::app
