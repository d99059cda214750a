#include "twohop/reasoning/edge_edits.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/reasoning/edge_reading.h"

namespace twohop {
namespace {

EdgeRecord HandRecord(EdgeHop hop, const std::string& text, TimePoint now) {
  EdgeRecord record;
  record.key = {.hop = hop, .source = EdgeSource::kHand, .text = NormalizeName(text)};
  record.text = text;
  record.time = now;
  return record;
}

bool Take(std::vector<std::string>& ids, const std::string& id) { return std::erase(ids, id) > 0; }

Status EditCategories(const Taxonomy& taxonomy, const DemandEdit& edit, EdgeRecord& record) {
  for (const CategoryIndex category : edit.drop) {
    const std::string& id = taxonomy.at(category).id;
    const bool called = Take(record.targets, id);
    if (Take(record.stretch, id) || called) continue;
    return InvalidArgument(
        fmt::format("\"{}\" does not call for \"{}\"", record.text, taxonomy.label(category)));
  }
  for (const CategoryIndex category : edit.add) {
    const std::string& id = taxonomy.at(category).id;
    Take(record.stretch, id);
    auto& targets = record.targets;
    if (std::find(targets.begin(), targets.end(), id) == targets.end()) targets.push_back(id);
  }
  if (!record.targets.empty()) return Ok();
  return InvalidArgument(
      fmt::format("\"{}\" would call for nothing: remove it instead", record.text));
}

// The demand as it holds now, as a record by hand.
Result<EdgeRecord> Current(const EdgeStore& store, const std::string& demand, bool create) {
  TWOHOP_ASSIGN_OR_RETURN(const auto reading, ReadDemand(store, demand));
  if (!reading.has_value() || reading->meant.removed()) {
    if (create) return HandRecord(EdgeHop::kDemand, demand, store.now());
    return NotFound(fmt::format("there is no demand \"{}\"", demand));
  }
  const EdgeRecord& meant = reading->meant;
  EdgeRecord record = HandRecord(EdgeHop::kDemand, meant.text, store.now());
  record.targets = meant.targets;
  record.stretch = meant.stretch;
  record.uses = meant.uses;
  return record;
}

// Moves `record` to its new name and leaves the old one as another name for it.
Result<std::vector<EdgeRecord>> Rename(const EdgeStore& store, EdgeRecord record,
                                       const std::string& name) {
  if (NormalizeName(name).empty()) return InvalidArgument("a demand's name has no letter in it");
  if (record.text == name) return InvalidArgument("the new name is the old one");
  EdgeRecord renamed = HandRecord(EdgeHop::kDemand, name, store.now());
  renamed.targets = std::move(record.targets);
  renamed.stretch = std::move(record.stretch);
  renamed.uses = record.uses;
  if (renamed.key == record.key) return std::vector<EdgeRecord>{std::move(renamed)};
  TWOHOP_ASSIGN_OR_RETURN(const auto there, ReadDemand(store, name));
  if (there.has_value() && !there->meant.removed() && there->meant.key.text != record.key.text) {
    return InvalidArgument(fmt::format("there is a demand \"{}\" already", there->own.text));
  }
  EdgeRecord old = HandRecord(EdgeHop::kDemand, record.text, store.now());
  old.same_as = name;
  return std::vector<EdgeRecord>{std::move(renamed), std::move(old)};
}

}  // namespace

Result<EdgeRecord> EditDemand(EdgeStore& store, const Taxonomy& taxonomy, const std::string& demand,
                              const DemandEdit& edit) {
  if (edit.add.empty() && edit.drop.empty() && !edit.rename.has_value()) {
    return InvalidArgument("nothing to change");
  }
  TWOHOP_ASSIGN_OR_RETURN(EdgeRecord record, Current(store, demand, edit.create));
  TWOHOP_RETURN_IF_ERROR(EditCategories(taxonomy, edit, record));
  std::vector<EdgeRecord> changed{record};
  if (edit.rename.has_value()) {
    TWOHOP_ASSIGN_OR_RETURN(changed, Rename(store, std::move(record), *edit.rename));
  }
  TWOHOP_RETURN_IF_ERROR(store.Change(changed, {}));
  return changed.front();
}

Result<std::size_t> RemoveEdges(EdgeStore& store, EdgeHop hop, const std::string& text,
                                std::optional<EdgeSource> source) {
  const std::string name = NormalizeName(text);
  std::size_t removed = 0;
  // A teacher's stays, under a record by hand.
  bool taught = false;
  if (source.has_value()) {
    TWOHOP_ASSIGN_OR_RETURN(removed, store.Remove(hop, name, source));
  } else {
    TWOHOP_ASSIGN_OR_RETURN(const std::size_t by_hand, store.Remove(hop, name, EdgeSource::kHand));
    TWOHOP_ASSIGN_OR_RETURN(const std::size_t by_models,
                            store.Remove(hop, name, EdgeSource::kModel));
    // Damaged or not, a teacher's record may be imported again.
    const auto all = store.FindAll(hop, name);
    taught = !all.has_value() || !all->empty();
    removed = by_hand + by_models + (taught ? 1 : 0);
  }
  if (taught) TWOHOP_RETURN_IF_ERROR(store.Put(HandRecord(hop, text, store.now())));
  if (removed > 0) return removed;
  return NotFound(fmt::format("there is no {} \"{}\"{}",
                              hop == EdgeHop::kSearch ? "search" : "demand", text,
                              source ? fmt::format(" by {}", EdgeSourceName(*source)) : ""));
}

Result<std::size_t> RemoveEdgesWhere(EdgeStore& store,
                                     const std::function<bool(const EdgeRecord&)>& matches) {
  std::vector<EdgeRecord> found;
  for (const EdgeHop hop : {EdgeHop::kSearch, EdgeHop::kDemand}) {
    TWOHOP_RETURN_IF_ERROR(store.ForEach(hop, [&](const EdgeRecord& record) {
      if (matches(record)) found.push_back(record);
    }));
  }
  TWOHOP_RETURN_IF_ERROR(store.Change({}, found));
  return found.size();
}

}  // namespace twohop
