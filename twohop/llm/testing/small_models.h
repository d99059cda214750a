// The real small models of scripts/setup, for integration tests.

#pragma once

#include <filesystem>
#include <optional>

#include "twohop/llm/managed_server.h"

namespace twohop {

// Everything is found below `source_dir`, the project's root; what set-up fetched, below its .cache
// or, if that is set, the environment variable TWOHOP_CACHE_DIR.

// The first file that a server of the small models needs and that is not there: run scripts/setup.
std::optional<std::filesystem::path> MissingSmallModelFile(const std::filesystem::path& source_dir);

// How to serve SmolLM2-135M-Instruct for chat, or all-MiniLM-L6-v2 for embeddings.
ManagedServerOptions SmallModelServer(const std::filesystem::path& source_dir, ServedTask task,
                                      std::filesystem::path log_file);

}  // namespace twohop
