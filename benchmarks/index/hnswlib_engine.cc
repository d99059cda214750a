// hnswlib 0.8: HNSW over f32 inner products, with its filter functor.

#include <algorithm>

#include "engine.h"
#include <hnswlib/hnswlib.h>

namespace twohop::index_benchmark {
namespace {

constexpr std::size_t kLinks = 16;
constexpr std::size_t kBuildBeam = 100;

class Allowed : public hnswlib::BaseFilterFunctor {
 public:
  Allowed(const Catalog& catalog, const Request& request) : left_out_(catalog, request) {}
  bool operator()(hnswlib::labeltype item) override { return !left_out_(item); }

 private:
  LeftOut left_out_;
};

class HnswlibEngine final : public Engine {
 public:
  explicit HnswlibEngine(const Catalog& catalog) : catalog_(catalog) {}

  std::string name() const override { return "hnswlib 0.8 HNSW f32, M 16, efConstruction 100"; }
  std::vector<std::size_t> efforts() const override { return {100, 200, 400, 800}; }
  void SetEffort(std::size_t beam) override { index_->setEf(beam); }

  void Build(const Catalog& catalog, std::size_t room,
             const std::filesystem::path& saved) override {
    space_ = std::make_unique<hnswlib::InnerProductSpace>(catalog.items.dim());
    const std::size_t capacity = catalog.items.rows() + room;
    if (std::filesystem::exists(saved)) {
      index_ = std::make_unique<Index>(space_.get(), saved.string(), false, capacity);
      return;
    }
    index_ = std::make_unique<Index>(space_.get(), capacity, kLinks, kBuildBeam);
    for (std::size_t i = 0; i < catalog.items.rows(); ++i) {
      index_->addPoint(catalog.items.row(i).data(), i);
    }
    if (!saved.empty()) index_->saveIndex(saved.string());
  }

  Found Search(const Request& request, std::size_t k) override {
    Allowed allowed(catalog_, request);
    Found found;
    for (std::size_t query = 0; query < request.queries.rows(); ++query) {
      auto heap = index_->searchKnn(request.queries.row(query).data(), k,
                                    request.excluded.empty() ? nullptr : &allowed);
      auto& items = found.emplace_back();
      for (; !heap.empty(); heap.pop()) {
        items.push_back(static_cast<std::uint32_t>(heap.top().second));
      }
      std::reverse(items.begin(), items.end());
    }
    return found;
  }

  bool CanUpsert() const override { return true; }
  void Upsert(const Change& change) override {
    index_->addPoint(change.vector.data(), change.item.value());
  }

 private:
  using Index = hnswlib::HierarchicalNSW<float>;

  const Catalog& catalog_;
  std::unique_ptr<hnswlib::InnerProductSpace> space_;
  std::unique_ptr<Index> index_;
};

}  // namespace

std::unique_ptr<Engine> MakeHnswlibEngine(const Catalog& catalog) {
  return std::make_unique<HnswlibEngine>(catalog);
}

}  // namespace twohop::index_benchmark
