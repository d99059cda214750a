// New bundles and another configuration, taken up while serving.

#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/hang_up.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/snapshot.h"
#include "twohop/recall/recaller.h"
#include "twohop/serving/config_reloads.h"

namespace twohop::app {

// Publishes a recaller for every change; requests under way keep theirs. What cannot be taken up is
// logged once and what was served before stays. Of the configuration [recall] is taken up; a change
// of anything else is logged as one for the next start.
//
// Belongs to one thread, but for reloads(), which is thread-safe. The arguments must outlive it.
class RecallerWatcher {
 public:
  // Of a workspace whose current bundle `recaller` holds, with the options of `in_force`. Without a
  // `config_file` the configuration stays.
  RecallerWatcher(const Workspace& workspace, std::filesystem::path config_file,
                  const RecallConfig& in_force, const Clock& clock, Snapshot<Recaller>& recaller,
                  UserEncoderLoader loader = &LoadTwoTowerEncoder);

  // Takes up the workspace's current bundle if it is another one than last time.
  void LookForBundle();
  // Takes up the configuration if the file's text is another one than last time.
  void LookForConfig();
  // Whatever the text was last time.
  void ReloadConfig();

  ConfigReloads reloads() const;

 private:
  void TakeUp(const std::string& text);
  void NoteOtherSections(Config config);
  void Refuse(const std::string& why);

  const Workspace& workspace_;
  const std::filesystem::path config_file_;
  RecallConfig in_force_;
  const Clock& clock_;
  Snapshot<Recaller>& recaller_;
  const UserEncoderLoader loader_;
  std::string seen_bundle_;
  std::optional<std::string> seen_text_;
  std::optional<std::string> other_sections_;  // As text, when last read.
  mutable Mutex mutex_;
  ConfigReloads reloads_ TWOHOP_GUARDED_BY(mutex_);
};

// Looks every two seconds, and at the configuration on SIGHUP, until a stop is requested.
void RunRecallerWatcher(RecallerWatcher& watcher, const HangUp& hang_up,
                        const std::stop_token& stop);

}  // namespace twohop::app
