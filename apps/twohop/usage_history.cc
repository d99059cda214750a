#include "apps/twohop/usage_history.h"

#include <string>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/json.h"

namespace twohop::app {
namespace {

Json ReadEntries(const std::filesystem::path& file) {
  const Result<std::string> text = ReadFile(file);
  if (!text) return Json::object();
  Result<Json> json = ParseJson(*text);
  return json.has_value() && json->is_object() ? *std::move(json) : Json::object();
}

std::optional<std::uint64_t> FindCount(const Json& entry, const char* field) {
  const auto it = entry.find(field);
  if (it == entry.end() || !it->is_number_unsigned()) return std::nullopt;
  return it->get<std::uint64_t>();
}

std::optional<MeasuredUsage> FindEntry(const Json& entries, const std::string& key) {
  const auto it = entries.find(key);
  if (it == entries.end() || !it->is_object()) return std::nullopt;
  const auto users = FindCount(*it, "users");
  const auto prompt = FindCount(*it, "prompt_tokens");
  const auto completion = FindCount(*it, "completion_tokens");
  const auto calls = FindCount(*it, "calls");
  if (!users || *users == 0 || !prompt || !completion || !calls) return std::nullopt;
  return MeasuredUsage{
      .users = *users,
      .usage = {.prompt_tokens = *prompt, .completion_tokens = *completion, .calls = *calls}};
}

std::string KeyOf(const InterestMaker& maker) { return HashHex(FingerprintOf(maker)); }

}  // namespace

std::optional<MeasuredUsage> FindMeasuredUsage(const std::filesystem::path& file,
                                               const InterestMaker& maker) {
  return FindEntry(ReadEntries(file), KeyOf(maker));
}

Status AddMeasuredUsage(const std::filesystem::path& file, const InterestMaker& maker,
                        const MeasuredUsage& more) {
  Json entries = ReadEntries(file);
  MeasuredUsage sum = FindEntry(entries, KeyOf(maker)).value_or(MeasuredUsage{});
  sum.users += more.users;
  sum.usage += more.usage;
  entries[KeyOf(maker)] = {{"strategy", maker.strategy},
                           {"model", maker.model},
                           {"users", sum.users},
                           {"calls", sum.usage.calls},
                           {"prompt_tokens", sum.usage.prompt_tokens},
                           {"completion_tokens", sum.usage.completion_tokens}};
  return WriteFileAtomically(file, entries.dump(2) + "\n");
}

}  // namespace twohop::app
