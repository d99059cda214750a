#include "apps/twohop/recaller_watcher.h"

#include <memory>
#include <utility>

#include "apps/twohop/recaller_config.h"
#include <spdlog/spdlog.h>

#include "twohop/base/file.h"
#include "twohop/recall/bundle.h"

namespace twohop::app {
namespace {

constexpr Milliseconds kInterval{2000};

}  // namespace

RecallerWatcher::RecallerWatcher(const Workspace& workspace, std::filesystem::path config_file,
                                 const RecallConfig& in_force, const Clock& clock,
                                 Snapshot<Recaller>& recaller, UserEncoderLoader loader)
    : workspace_(workspace),
      config_file_(std::move(config_file)),
      in_force_(in_force),
      clock_(clock),
      recaller_(recaller),
      loader_(std::move(loader)),
      seen_bundle_(recaller.Get()->bundle().version()) {}

void RecallerWatcher::LookForBundle() {
  const Result<std::string> version = CurrentBundleVersion(workspace_.bundles());
  if (!version.has_value() || *version == seen_bundle_) return;
  seen_bundle_ = *version;
  const auto bundle = LoadCurrentBundle(workspace_.bundles(), loader_);
  if (!bundle.has_value()) {
    spdlog::error("bundle {} is not served: {}", seen_bundle_, bundle.error().message());
    return;
  }
  recaller_.Publish(std::make_shared<const Recaller>(*bundle, clock_, recaller_.Get()->options()));
  spdlog::info("serving bundle {}", seen_bundle_);
}

void RecallerWatcher::LookForConfig() {
  if (config_file_.empty()) return;
  // A file that is not there is most likely being replaced: what comes is seen then.
  const Result<std::string> text = ReadFile(config_file_);
  if (!text.has_value() || seen_text_ == *text) return;
  TakeUp(*text);
}

void RecallerWatcher::ReloadConfig() {
  if (config_file_.empty()) {
    spdlog::warn("asked to read the configuration again, and there is no file: see --config");
    return;
  }
  const Result<std::string> text = ReadFile(config_file_);
  if (!text.has_value()) return Refuse(text.error().message());
  TakeUp(*text);
}

void RecallerWatcher::TakeUp(const std::string& text) {
  seen_text_ = text;
  const Result<Config> config = ParseConfig(text, config_file_.string());
  if (!config.has_value()) return Refuse(config.error().message());
  const Result<RecallerOptions> options = RecallerOptionsFrom(config->recall);
  if (!options.has_value()) return Refuse(options.error().message());
  NoteOtherSections(*config);
  const bool changed = config->recall != in_force_;
  if (changed) {
    recaller_.Publish(
        std::make_shared<const Recaller>(recaller_.Get()->shared_bundle(), clock_, *options));
    in_force_ = config->recall;
    spdlog::info("[recall] of {} is in force", config_file_.string());
  }
  MutexLock lock(mutex_);
  reloads_.is_current = true;
  if (changed) ++reloads_.taken;
}

void RecallerWatcher::NoteOtherSections(Config config) {
  config.recall = {};
  std::string text = ConfigToToml(config);
  if (other_sections_.has_value() && *other_sections_ != text) {
    spdlog::warn("{} has changed outside [recall] too: that holds from the next start on",
                 config_file_.string());
  }
  other_sections_ = std::move(text);
}

void RecallerWatcher::Refuse(const std::string& why) {
  spdlog::error("the configuration stays as it was: {}", why);
  MutexLock lock(mutex_);
  ++reloads_.refused;
  reloads_.is_current = false;
}

ConfigReloads RecallerWatcher::reloads() const {
  MutexLock lock(mutex_);
  return reloads_;
}

void RunRecallerWatcher(RecallerWatcher& watcher, const HangUp& hang_up,
                        const std::stop_token& stop) {
  while (true) {
    const HangUpWait woken = hang_up.Wait(kInterval, stop);
    if (woken == HangUpWait::kStopped) return;
    if (woken == HangUpWait::kSignal) watcher.ReloadConfig();
    watcher.LookForConfig();
    watcher.LookForBundle();
  }
}

}  // namespace twohop::app
