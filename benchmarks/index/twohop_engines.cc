// Ours.

#include "engine.h"

#include "twohop/ann/exact_index.h"

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

}  // namespace

std::unique_ptr<Engine> MakeExactEngine() { return std::make_unique<ExactEngine>(); }
std::unique_ptr<Engine> MakeCellEngine() { return std::make_unique<ExactEngine>(); }

}  // namespace twohop::index_benchmark
