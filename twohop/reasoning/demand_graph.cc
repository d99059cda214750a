#include "twohop/reasoning/demand_graph.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

// 1 for the same direction, and falling with the angle.
float Nearness(float cosine, float temperature) { return std::exp((cosine - 1.0F) / temperature); }

Status CheckVectors(const Embeddings& vectors, std::size_t demands, std::size_t dim) {
  if (demands == 0) return InvalidArgument("a demand graph needs at least one demand");
  if (vectors.rows() != demands || vectors.dim() != dim) {
    return InvalidArgument(fmt::format("demand vectors are {} x {}, must be {} x {}",
                                       vectors.rows(), vectors.dim(), demands, dim));
  }
  if (!AllFinite(vectors.data())) return InvalidArgument("a demand vector is not finite");
  return Ok();
}

Status Normalize(Embeddings& vectors) {
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    NormalizeL2(vectors.mutable_row(i));
    if (Dot(vectors.row(i), vectors.row(i)) > 0.5F) continue;
    return InvalidArgument(fmt::format("demand vector {} is zero", i));
  }
  return Ok();
}

bool Holds(const std::vector<CategoryIndex>& categories, CategoryIndex category) {
  return std::find(categories.begin(), categories.end(), category) != categories.end();
}

std::vector<FollowedDemand> Best(std::vector<FollowedDemand> all, std::size_t count) {
  count = std::min(count, all.size());
  const auto is_better = [](const FollowedDemand& a, const FollowedDemand& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.demand < b.demand;
  };
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(),
                    is_better);
  all.resize(count);
  float sum = 0.0F;
  for (const FollowedDemand& one : all) sum += one.weight;
  if (sum <= 0.0F) return {};
  for (FollowedDemand& one : all) one.weight /= sum;
  return all;
}

}  // namespace

Result<DemandGraph> DemandGraph::Build(std::vector<DemandEdges> edges, Embeddings vectors,
                                       std::shared_ptr<const CategorySpace> space,
                                       const DemandGraphOptions& options) {
  TWOHOP_RETURN_IF_ERROR(CheckVectors(vectors, edges.size(), space->dim()));
  TWOHOP_RETURN_IF_ERROR(Normalize(vectors));
  DemandGraph graph(std::move(space), std::move(vectors), options);
  graph.is_source_.resize(graph.space_->taxonomy().size());
  for (const DemandEdges& one : edges) graph.Add(one);
  return graph;
}

void DemandGraph::Add(const DemandEdges& edges) {
  const auto index = static_cast<std::uint32_t>(demands_.size());
  Demand& demand = demands_.emplace_back();
  demand.text = edges.demand;
  for (const std::string& search : edges.searches) {
    by_search_[NormalizeName(search)].push_back(index);
    const std::optional<CategoryIndex> source = space_->taxonomy().FindBySearch(search);
    if (!source) continue;
    is_source_[source->value()] = true;
    if (!Holds(demand.sources, *source)) demand.sources.push_back(*source);
  }
  float weight = 1.0F;
  for (const CategoryIndex category : edges.calls_for) {
    demand.called.push_back({category, weight});
    weight *= options_.rank_decay;
  }
  demand.categories = demand.called;
  if (options_.source_weight <= 0.0F) return;
  for (const CategoryIndex source : demand.sources) {
    if (Holds(edges.calls_for, source)) continue;
    demand.categories.push_back({source, options_.source_weight});
  }
}

bool DemandGraph::Knows(std::string_view search) const {
  if (by_search_.contains(NormalizeName(search))) return true;
  const std::optional<CategoryIndex> category = space_->taxonomy().FindBySearch(search);
  return category && is_source_[category->value()];
}

float DemandGraph::Evidence(std::uint32_t demand, std::span<const float> vector,
                            std::span<const float> nearness, const Embeddings& written) const {
  const Demand& one = demands_[demand];
  float near_source = 0.0F;
  for (const CategoryIndex source : one.sources) near_source += nearness[source.value()];
  float near_called = 0.0F;
  for (const CalledCategory& called : one.called) {
    near_called += called.weight * nearness[called.category.value()];
  }
  const auto text_nearness = [&](std::span<const float> text) {
    return Nearness(Dot(vectors_.row(demand), text), options_.text_temperature);
  };
  float near_written = 0.0F;
  for (std::size_t i = 0; i < written.rows(); ++i) {
    near_written = std::max(near_written, text_nearness(written.row(i)));
  }
  return options_.near_source * near_source + options_.near_called * near_called +
         options_.near_text * text_nearness(vector) + options_.near_written * near_written;
}

std::vector<FollowedDemand> DemandGraph::DemandsBehind(std::string_view search,
                                                       std::span<const float> vector,
                                                       const SearchReading& reading,
                                                       const Embeddings& written) const {
  std::vector<float> nearness = space_->Similarities(reading.vector);
  for (float& one : nearness) one = Nearness(one, options_.category_temperature);
  const std::vector<float> text = Between(vector, reading.vector);
  std::vector<FollowedDemand> all;
  all.reserve(size());
  for (std::uint32_t i = 0; i < size(); ++i)
    all.push_back({i, Evidence(i, text, nearness, written)});
  if (const auto known = by_search_.find(NormalizeName(search)); known != by_search_.end()) {
    for (const std::uint32_t demand : known->second) all[demand].weight += options_.same_search;
  }
  return Best(std::move(all), options_.max_demands);
}

}  // namespace twohop
