#include "apps/twohop/edges_report.h"

#include <algorithm>
#include <utility>

#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/text_table.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/reasoning/demand_index.h"
#include "twohop/reasoning/edge_reading.h"

namespace twohop::app {
namespace {

constexpr std::size_t kSimilar = 5;
constexpr float kMinSimilarity = 0.6F;  // Below, little is in common.
constexpr std::size_t kMaxCellBytes = 60;

// With the labels of categories in place of their ids.
EdgeRecord Readable(EdgeRecord record, const Taxonomy& taxonomy) {
  if (record.key.hop == EdgeHop::kSearch) return record;
  for (auto* ids : {&record.targets, &record.stretch}) {
    for (std::string& id : *ids) {
      if (const auto category = taxonomy.FindById(id)) id = taxonomy.label(*category);
    }
  }
  return record;
}

bool IsLike(const EdgeRecord& record, const std::string& like) {
  const auto contains = [&](const std::string& text) {
    return NormalizeName(text).find(like) != std::string::npos;
  };
  return like.empty() || contains(record.text) ||
         std::any_of(record.targets.begin(), record.targets.end(), contains);
}

std::string Day(TimePoint time) { return FormatTime(time).substr(0, 10); }

std::string LeadsTo(const EdgeRecord& record) {
  if (!record.same_as.empty()) return "= " + record.same_as;
  if (record.targets.empty()) return "(removed)";
  return Ellipsize(fmt::format("{}", fmt::join(record.targets, ", ")), kMaxCellBytes);
}

std::string Expiry(const EdgeRecord& record, TimePoint now) {
  if (!record.expires.has_value()) return "never";
  return record.expired(now) ? "expired" : Day(*record.expires);
}

std::vector<std::string> Provenance(const EdgeRecord& record) {
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  return {std::string(EdgeSourceName(record.key.source)),
          or_dash(record.key.model),
          or_dash(record.key.prompt_version),
          record.key.segment,
          Day(record.time),
          record.expires.has_value() ? Day(*record.expires) : "never",
          fmt::format("{}", record.uses),
          record.hidden ? "hidden" : "listed"};
}

std::string ProvenanceTable(const std::vector<EdgeRecord>& records) {
  TextTable table(
      {"source", "model", "prompt", "segment", "written", "expires", "calls saved", ""});
  for (const EdgeRecord& record : records) table.AddRow(Provenance(record));
  return table.Format();
}

std::string ListLine(std::string_view label, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  return fmt::format("  {}: {}\n", label, fmt::join(texts, ", "));
}

std::size_t CountShared(const std::vector<CategoryIndex>& a, const std::vector<CategoryIndex>& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](CategoryIndex category) {
    return std::find(b.begin(), b.end(), category) != b.end();
  }));
}

// Demands that sound like `own`, among all that are listed.
Result<std::vector<SimilarDemand>> FindSimilar(const EdgeStore& store, const std::string& encoder,
                                               const EdgeRecord& own, EdgeRows& rows,
                                               const std::vector<CategoryIndex>& called) {
  std::vector<SimilarDemand> similar;
  TWOHOP_ASSIGN_OR_RETURN(const auto vector, store.FindVector(encoder, own));
  if (!vector.has_value()) return similar;
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors,
                          VectorsOf(store, encoder, vector->size(), rows));
  DemandIndex index;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (rows.ids[i] != own.id) index.Add(std::to_string(i), vectors.row(i));
  }
  for (const NearDemand& near : index.FindNear(*vector, kMinSimilarity, kSimilar)) {
    const DemandEdges& row = rows.rows[std::stoul(near.id)];
    similar.push_back({row.demand, near.cosine, CountShared(row.calls_for, called)});
  }
  return similar;
}

Status AddDemand(const EdgeStore& store, const Taxonomy& taxonomy, const std::string& encoder,
                 EdgeDetails& details) {
  const EdgeRecord own = details.as_demand.front();
  TWOHOP_ASSIGN_OR_RETURN(const auto reading,
                          ReadDemand(store, own.key.text.empty() ? own.text : own.key.text));
  const EdgeRecord& meant = reading.has_value() ? reading->meant : own;
  if (meant.id != own.id) details.meant = Readable(meant, taxonomy);
  TWOHOP_ASSIGN_OR_RETURN(EdgeRows rows, ReadEdgeRows(store, taxonomy));
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (rows.ids[i] == meant.id) details.searches = rows.rows[i].searches;
  }
  TWOHOP_ASSIGN_OR_RETURN(details.similar, FindSimilar(store, encoder, meant, rows,
                                                       CategoriesOf(meant.targets, taxonomy)));
  return Ok();
}

}  // namespace

Result<EdgeListing> ListEdges(const EdgeStore& store, const Taxonomy& taxonomy,
                              const EdgeFilter& filter) {
  EdgeListing listing;
  const std::string like = NormalizeName(filter.like);
  TWOHOP_ASSIGN_OR_RETURN(const auto damage,
                          store.ForEach(filter.hop, [&](const EdgeRecord& record) {
                            if (filter.source.has_value() && record.key.source != *filter.source)
                              return;
                            if (record.hidden) {
                              ++listing.hidden;
                              return;
                            }
                            EdgeRecord readable = Readable(record, taxonomy);
                            if (!IsLike(readable, like)) return;
                            ++listing.matching;
                            if (filter.limit != 0 && listing.records.size() == filter.limit) return;
                            listing.records.push_back(std::move(readable));
                          }));
  for (const EdgeStore::Damage& one : damage) listing.damaged.push_back(one.what);
  return listing;
}

std::string DescribeListing(const EdgeListing& listing, TimePoint now) {
  TextTable table({"text", "source", "written", "expires", "calls saved", "leads to"});
  for (const EdgeRecord& record : listing.records) {
    table.AddRow({Ellipsize(record.text, kMaxCellBytes),
                  std::string(EdgeSourceName(record.key.source)), Day(record.time),
                  Expiry(record, now), fmt::format("{}", record.uses), LeadsTo(record)});
  }
  std::string text = listing.records.empty() ? "" : table.Format();
  text += fmt::format("{} of {} shown", listing.records.size(), listing.matching);
  if (listing.hidden > 0) {
    text += fmt::format("; {} more are hidden, because few users came to them", listing.hidden);
  }
  text += "\n";
  for (const std::string& what : listing.damaged) text += fmt::format("damaged: {}\n", what);
  return text;
}

Json ListingToJson(const EdgeListing& listing) {
  Json records = Json::array();
  for (const EdgeRecord& record : listing.records) records.push_back(EdgeRecordToJson(record));
  return {{"edges", std::move(records)},
          {"matching", listing.matching},
          {"hidden", listing.hidden},
          {"damaged", listing.damaged}};
}

Result<EdgeDetails> FindEdgeDetails(const EdgeStore& store, const Taxonomy& taxonomy,
                                    const std::string& encoder, const std::string& text) {
  const std::string name = NormalizeName(text);
  EdgeDetails details;
  TWOHOP_ASSIGN_OR_RETURN(details.as_demand, store.FindAll(EdgeHop::kDemand, name));
  TWOHOP_ASSIGN_OR_RETURN(details.as_search, store.FindAll(EdgeHop::kSearch, name));
  if (details.as_demand.empty() && details.as_search.empty()) {
    return NotFound(fmt::format(
        "there is no demand and no search \"{}\"; `twohop edges list --like` finds similar words",
        text));
  }
  for (auto* records : {&details.as_demand, &details.as_search}) {
    for (EdgeRecord& record : *records) record.key.text = name;
  }
  if (!details.as_demand.empty()) {
    TWOHOP_RETURN_IF_ERROR(AddDemand(store, taxonomy, encoder, details));
  }
  for (EdgeRecord& record : details.as_demand) record = Readable(std::move(record), taxonomy);
  return details;
}

std::string DescribeDetails(const EdgeDetails& details) {
  std::string text;
  if (!details.as_demand.empty()) {
    const EdgeRecord& own = details.as_demand.front();
    const EdgeRecord& meant = details.meant ? *details.meant : own;
    text += fmt::format("demand \"{}\"\n{}", own.key.text, ProvenanceTable(details.as_demand));
    if (details.meant) text += fmt::format("  another name of: {}\n", meant.text);
    if (meant.removed()) text += "  removed: leads nowhere\n";
    text += ListLine("calls for", meant.targets) + ListLine("stretch", meant.stretch) +
            ListLine("searches that lead here", details.searches);
    for (const SimilarDemand& one : details.similar) {
      text += fmt::format("  similar ({:.2f}, {} categories in common): {}\n", one.cosine,
                          one.shared, one.demand);
    }
  }
  if (!details.as_search.empty()) {
    text += fmt::format("search \"{}\"\n{}", details.as_search.front().key.text,
                        ProvenanceTable(details.as_search));
    for (const EdgeRecord& record : details.as_search) {
      text += record.removed()
                  ? "  removed: leads nowhere\n"
                  : ListLine(fmt::format("demands ({})", EdgeSourceName(record.key.source)),
                             record.targets);
    }
  }
  return text;
}

Json DetailsToJson(const EdgeDetails& details) {
  const auto records = [](const std::vector<EdgeRecord>& all) {
    Json list = Json::array();
    for (const EdgeRecord& record : all) list.push_back(EdgeRecordToJson(record));
    return list;
  };
  Json similar = Json::array();
  for (const SimilarDemand& one : details.similar) {
    similar.push_back({{"demand", one.demand}, {"cosine", one.cosine}, {"shared", one.shared}});
  }
  Json json = {{"as_demand", records(details.as_demand)},
               {"meant", nullptr},
               {"searches", details.searches},
               {"similar", std::move(similar)},
               {"as_search", records(details.as_search)}};
  if (details.meant) json["meant"] = EdgeRecordToJson(*details.meant);
  return json;
}

std::string DescribeMerges(const std::vector<MergeRow>& rows) {
  TextTable table({"cosine from", "demands in a pair", "pairs", "no category in common",
                   fmt::format("pairs with {}+ categories each", kLongList),
                   "no category in common"});
  const auto share = [](std::size_t part, std::size_t whole) {
    if (whole == 0) return std::string("-");
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  };
  for (const MergeRow& row : rows) {
    table.AddRow({fmt::format("{:.3f}", row.min_cosine), fmt::format("{}", row.demands),
                  fmt::format("{}", row.pairs), share(row.apart, row.pairs),
                  fmt::format("{}", row.long_pairs), share(row.long_apart, row.long_pairs)});
  }
  return table.Format();
}

}  // namespace twohop::app
