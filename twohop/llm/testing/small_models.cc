#include "twohop/llm/testing/small_models.h"

#include <cstdlib>
#include <utility>

namespace twohop {
namespace {

namespace fs = std::filesystem;

fs::path CacheFolder(const fs::path& source_dir) {
  const char* folder = std::getenv("TWOHOP_CACHE_DIR");
  return folder != nullptr ? fs::path(folder) : source_dir / ".cache";
}

}  // namespace

std::optional<fs::path> MissingSmallModelFile(const fs::path& source_dir) {
  for (const ServedTask task : {ServedTask::kChat, ServedTask::kEmbedding}) {
    const ManagedServerOptions options = SmallModelServer(source_dir, task, {});
    for (const fs::path& needed : {options.python, options.model}) {
      if (!fs::exists(needed)) return needed;
    }
  }
  return std::nullopt;
}

ManagedServerOptions SmallModelServer(const fs::path& source_dir, ServedTask task,
                                      fs::path log_file) {
  const fs::path cache = CacheFolder(source_dir);
  ManagedServerOptions options;
  options.python = cache / "venv/bin/python";
  options.script = source_dir / "python/llm_server.py";
  options.model =
      cache / "models" /
      (task == ServedTask::kChat ? "smollm2-135m-instruct.gguf" : "all-minilm-l6-v2.gguf");
  options.task = task;
  options.log_file = std::move(log_file);
  return options;
}

}  // namespace twohop
