#include "apps/common/assets.h"

#include <cstdlib>

namespace twohop::app {

std::filesystem::path AssetRoot() {
  const char* home = std::getenv("TWOHOP_HOME");  // NOLINT(concurrency-mt-unsafe): never set.
  return home != nullptr && *home != '\0' ? home : TWOHOP_SOURCE_DIR;
}

std::filesystem::path PromptFolder() { return AssetRoot() / "prompts"; }
std::filesystem::path CommunityFolder() { return AssetRoot() / "data" / "community"; }
std::filesystem::path PythonProgram() { return AssetRoot() / ".cache/venv/bin/python"; }
std::filesystem::path ServerScript() { return AssetRoot() / "python" / "llm_server.py"; }

std::filesystem::path ModelFile(const std::filesystem::path& name) {
  return AssetRoot() / ".cache/models" / (name.string() + ".gguf");
}

std::filesystem::path AdapterFile(const std::string& name) {
  if (name.ends_with(".gguf")) return name;
  return AssetRoot() / "adapters" / name / "adapter.gguf";
}

}  // namespace twohop::app
