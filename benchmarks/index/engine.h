// An index as its user sees it, whoever wrote it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workload.h"

namespace twohop::index_benchmark {

using Found = std::vector<std::vector<std::uint32_t>>;  // Items by query, best first.

// What all engines are told about the items; changes with the upserts.
struct Catalog {
  EmbeddingsView items;
  std::vector<Level1Index> level1;  // By item; room for new items is added as they come.
};

// Not thread-safe. Runs on the calling thread alone.
class Engine {
 public:
  virtual ~Engine() = default;

  // With the parameters that it is built with.
  virtual std::string name() const = 0;

  // Effort settings to compare, cheapest first; 0 for an engine that has none.
  virtual std::vector<std::size_t> efforts() const { return {0}; }
  virtual void SetEffort(std::size_t) {}

  // Builds the index, or loads what an earlier call saved as `saved`.
  virtual void Build(const Catalog& catalog, std::size_t room,
                     const std::filesystem::path& saved) = 0;

  virtual Found Search(const Request& request, std::size_t k) = 0;

  // False if the engine has no such thing.
  virtual bool CanUpsert() const { return false; }
  virtual void Upsert(const Change&) {}
  // What is due now and then after upserts; false if nothing is.
  virtual bool Compact() { return false; }
};

// By the names of EngineNames(); nullptr for a name that this build lacks. `catalog` must outlive
// the engine.
std::unique_ptr<Engine> MakeEngine(std::string_view name, const Catalog& catalog);
std::vector<std::string> EngineNames();

std::unique_ptr<Engine> MakeExactEngine();
std::unique_ptr<Engine> MakeCellEngine();
std::unique_ptr<Engine> MakeHnswlibEngine(const Catalog& catalog);
std::unique_ptr<Engine> MakeFaissEngine(const Catalog& catalog);
std::unique_ptr<Engine> MakeUsearchEngine(const Catalog& catalog);

// Which level-1 categories a request leaves out, for filters that are asked item by item.
class LeftOut {
 public:
  LeftOut(const Catalog& catalog, const Request& request) : catalog_(catalog) {
    for (const Level1Index level1 : request.excluded) out_[level1.value()] = true;
  }
  bool operator()(std::size_t item) const { return out_[catalog_.level1[item].value()]; }

 private:
  const Catalog& catalog_;
  bool out_[kLevel1Count] = {};
};

}  // namespace twohop::index_benchmark
