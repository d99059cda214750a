// Where the files lie that come with the project.

#pragma once

#include <filesystem>
#include <string>

namespace twohop::app {

// The project's folder, with data/, prompts/, python/ and what scripts/setup fetched: the value of
// the environment variable TWOHOP_HOME, or the folder this program was built from.
std::filesystem::path AssetRoot();

std::filesystem::path PromptFolder();     // Versioned prompts.
std::filesystem::path CommunityFolder();  // What the demo community is generated from.
std::filesystem::path PythonProgram();    // Of the environment that scripts/setup made.
std::filesystem::path ServerScript();     // The managed model server.
std::filesystem::path ModelFile(const std::filesystem::path& name);  // "<name>.gguf".
// What `name` of a configuration stands for: "adapters/<name>/adapter.gguf", or the file itself if
// it ends in ".gguf".
std::filesystem::path AdapterFile(const std::string& name);

}  // namespace twohop::app
