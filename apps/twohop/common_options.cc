#include "apps/twohop/common_options.h"

namespace twohop::app {

void CommonOptions::AddTo(CLI::App& command) {
  command.add_option("--workspace", workspace, "Folder with the community's files")
      ->capture_default_str();
  command.add_option("--config", config_file, "TOML file; see `twohop config`");
}

Result<Config> CommonOptions::LoadConfigOrDefaults() const {
  if (config_file.empty()) return Config{};
  return LoadConfig(config_file);
}

}  // namespace twohop::app
