// Ours.

#include "engine.h"

#include "twohop/ann/exact_index.h"
#include "twohop/ann/mutable_index.h"
#include "twohop/base/check.h"

namespace twohop::index_benchmark {
namespace {

Found ItemsOf(const std::vector<std::vector<Neighbor>>& neighbors) {
  Found found;
  for (const auto& list : neighbors) {
    auto& items = found.emplace_back();
    for (const Neighbor& neighbor : list) items.push_back(neighbor.item.value());
  }
  return found;
}

class ExactEngine final : public Engine {
 public:
  std::string name() const override { return "twohop exact scan, int8 and f32"; }
  void Build(const Catalog& catalog, std::size_t, const std::filesystem::path&) override {
    index_ = BuildExactIndex(catalog.items, catalog.level1).value();
  }
  Found Search(const Request& request, std::size_t k) override {
    return ItemsOf(index_->Search(request.queries, {.k = k, .excluded = request.excluded}).value());
  }

 private:
  std::unique_ptr<ExactIndex> index_;
};

// The reach of the cells is measured with queries that the index makes up, not with those of the
// benchmark.
class CellEngine final : public Engine {
 public:
  std::string name() const override { return "twohop cells, int8 and f32"; }
  void Build(const Catalog& catalog, std::size_t, const std::filesystem::path&) override {
    index_ = BuildMutableIndex(catalog.items, catalog.level1).value();
  }
  Found Search(const Request& request, std::size_t k) override {
    return ItemsOf(index_->Search(request.queries, {.k = k, .excluded = request.excluded}).value());
  }

  bool CanUpsert() const override { return true; }
  void Upsert(const Change& change) override {
    const ItemChange single{change.item, change.level1, change.vector};
    TWOHOP_CHECK(index_->Upsert({&single, 1}).has_value());
  }
  bool Compact() override {
    TWOHOP_CHECK(index_->Compact().has_value());
    return true;
  }

 private:
  std::unique_ptr<MutableIndex> index_;
};

}  // namespace

std::unique_ptr<Engine> MakeExactEngine() { return std::make_unique<ExactEngine>(); }
std::unique_ptr<Engine> MakeCellEngine() { return std::make_unique<CellEngine>(); }

}  // namespace twohop::index_benchmark
