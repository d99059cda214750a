#include "twohop/reasoning/edge_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/edge_reading.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxNames = 8;  // As ReadDemand.

bool Holds(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// The first ones of all lists, then the second ones; each once.
std::vector<std::string> Interleave(const std::vector<std::vector<std::string>>& lists) {
  std::size_t longest = 0;
  for (const auto& list : lists) longest = std::max(longest, list.size());
  std::vector<std::string> all;
  for (std::size_t i = 0; i < longest; ++i) {
    for (const auto& list : lists) {
      if (i < list.size() && !Holds(all, list[i])) all.push_back(list[i]);
    }
  }
  return all;
}

EdgeRecord TeacherRecord(EdgeHop hop, const std::string& text, const std::string& model,
                         TimePoint now) {
  EdgeRecord record;
  record.key = {.hop = hop, .source = EdgeSource::kTeacher, .text = NormalizeName(text)};
  record.key.model = model;
  record.text = text;
  record.time = now;
  return record;
}

// The rows of one demand.
struct TaughtDemand {
  std::string text;
  std::vector<std::vector<std::string>> calls_for;
  std::vector<std::vector<std::string>> stretch;
};

// Puts what records say about each demand and search together.
class RowBuilder {
 public:
  RowBuilder(const EdgeStore& store, const Taxonomy& taxonomy)
      : store_(store), taxonomy_(taxonomy) {}

  Result<EdgeRows> Read(std::optional<EdgeSource> only) {
    TWOHOP_RETURN_IF_ERROR(ReadRecords());
    for (const auto& [name, record] : demands_) AddRow(name, record, only);
    for (const EdgeRecord& record : searches_) AddSearch(record);
    Hasher hasher;
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      DemandEdges& row = result_.rows[i];
      std::sort(row.searches.begin(), row.searches.end());
      if (result_.sources[i] == EdgeSource::kModel) continue;
      hasher.Add(DumpJson(DemandEdgesToJson(Taught(row), taxonomy_)));
    }
    result_.fingerprint = hasher.value();
    return std::move(result_);
  }

 private:
  Status ReadRecords() {
    const auto usable = [&](const EdgeRecord& record) {
      if (record.hidden) ++result_.hidden;
      return !record.hidden && !record.expired(store_.now());
    };
    TWOHOP_ASSIGN_OR_RETURN(const auto demands,
                            store_.ForEach(EdgeHop::kDemand, [&](const EdgeRecord& record) {
                              if (usable(record)) KeepBest(record);
                            }));
    TWOHOP_ASSIGN_OR_RETURN(const auto searches,
                            store_.ForEach(EdgeHop::kSearch, [&](const EdgeRecord& record) {
                              if (!usable(record)) return;
                              searches_.push_back(record);
                              if (record.key.source == EdgeSource::kHand)
                                by_hand_.insert(record.key.text);
                              if (record.key.source == EdgeSource::kTeacher)
                                taught_.insert(record.key.text);
                            }));
    result_.damaged = demands.size() + searches.size();
    return Ok();
  }

  void KeepBest(const EdgeRecord& record) {
    const auto [best, is_new] = demands_.emplace(record.key.text, record);
    if (is_new) return;
    const auto rank = [](const EdgeRecord& r) { return std::tie(r.key.source, r.time); };
    if (rank(record) > rank(best->second)) best->second = record;
  }

  void AddRow(const std::string& name, const EdgeRecord& record, std::optional<EdgeSource> only) {
    if (!record.same_as.empty() || record.merged) return;
    if (only.has_value() && record.key.source != *only) return;
    DemandEdges row{.demand = record.text};
    row.calls_for = CategoriesOf(record.targets, taxonomy_);
    row.stretch = CategoriesOf(record.stretch, taxonomy_);
    if (row.calls_for.empty()) return;
    row_of_.emplace(name, result_.rows.size());
    result_.rows.push_back(std::move(row));
    result_.sources.push_back(record.key.source);
    result_.ids.push_back(record.id);
  }

  void AddSearch(const EdgeRecord& record) {
    if (record.key.source != EdgeSource::kHand && by_hand_.contains(record.key.text)) return;
    for (const std::string& demand : record.targets) {
      const auto row = row_of_.find(Meant(NormalizeName(demand)));
      if (row == row_of_.end()) continue;
      auto& searches = result_.rows[row->second].searches;
      if (!Holds(searches, record.text)) searches.push_back(record.text);
    }
  }

  // Follows names to the demand that they mean.
  std::string Meant(std::string name) const {
    for (std::size_t i = 0; i < kMaxNames; ++i) {
      const auto found = demands_.find(name);
      if (found == demands_.end() || found->second.same_as.empty()) return name;
      name = NormalizeName(found->second.same_as);
    }
    return {};
  }

  // The row without the searches that only a model leads here.
  DemandEdges Taught(const DemandEdges& row) const {
    DemandEdges taught = row;
    std::erase_if(taught.searches, [&](const std::string& search) {
      const std::string name = NormalizeName(search);
      return !taught_.contains(name) && !by_hand_.contains(name);
    });
    return taught;
  }

  const EdgeStore& store_;
  const Taxonomy& taxonomy_;
  std::map<std::string, EdgeRecord> demands_;  // The one that counts, by NormalizeName.
  std::vector<EdgeRecord> searches_;
  std::set<std::string> by_hand_;  // Searches, by NormalizeName.
  std::set<std::string> taught_;
  std::map<std::string, std::size_t> row_of_;
  EdgeRows result_;
};

}  // namespace

std::vector<EdgeRecord> TeacherRecords(std::span<const DemandEdges> rows, const Taxonomy& taxonomy,
                                       const std::string& model, TimePoint now) {
  std::map<std::string, TaughtDemand> demands;
  std::map<std::string, EdgeRecord> searches;
  for (const DemandEdges& row : rows) {
    TaughtDemand& demand = demands[NormalizeName(row.demand)];
    if (demand.text.empty()) demand.text = row.demand;
    demand.calls_for.push_back(IdsOf(row.calls_for, taxonomy));
    demand.stretch.push_back(IdsOf(row.stretch, taxonomy));
    for (const std::string& search : row.searches) {
      EdgeRecord& record = searches
                               .try_emplace(NormalizeName(search),
                                            TeacherRecord(EdgeHop::kSearch, search, model, now))
                               .first->second;
      if (!Holds(record.targets, demand.text)) record.targets.push_back(demand.text);
    }
  }
  std::vector<EdgeRecord> records;
  for (auto& [name, search] : searches) records.push_back(std::move(search));
  for (const auto& [name, demand] : demands) {
    EdgeRecord& record =
        records.emplace_back(TeacherRecord(EdgeHop::kDemand, demand.text, model, now));
    record.targets = Interleave(demand.calls_for);
    record.stretch = Interleave(demand.stretch);
    std::erase_if(record.stretch, [&](const auto& id) { return Holds(record.targets, id); });
  }
  return records;
}

Result<EdgeRows> ReadEdgeRows(const EdgeStore& store, const Taxonomy& taxonomy,
                              std::optional<EdgeSource> only) {
  return RowBuilder(store, taxonomy).Read(only);
}

}  // namespace twohop
