// usearch 2: HNSW over f32 inner products, with a predicate.

#include <stdexcept>

#include "engine.h"
#include <usearch/index_dense.hpp>

namespace twohop::index_benchmark {
namespace {

using Index = unum::usearch::index_dense_t;

class UsearchEngine final : public Engine {
 public:
  explicit UsearchEngine(const Catalog& catalog) : catalog_(catalog) {}

  std::string name() const override { return "usearch 2.26 HNSW f32, M 16, expansion_add 100"; }
  std::vector<std::size_t> efforts() const override { return {100, 200, 400, 800}; }
  void SetEffort(std::size_t beam) override { index_.change_expansion_search(beam); }

  void Build(const Catalog& catalog, std::size_t room,
             const std::filesystem::path& saved) override {
    using namespace unum::usearch;  // NOLINT: its own vocabulary.
    const metric_punned_t metric(catalog.items.dim(), metric_kind_t::ip_k, scalar_kind_t::f32_k);
    index_ = Index::make(metric, index_dense_config_t(16, 100, 100));
    if (std::filesystem::exists(saved)) {
      Check(static_cast<bool>(index_.load(saved.string().c_str())), "load");
    }
    Check(index_.try_reserve(index_limits_t(catalog.items.rows() + room, 1)), "reserve");
    if (index_.size() > 0) return;
    for (std::size_t i = 0; i < catalog.items.rows(); ++i) {
      Check(static_cast<bool>(index_.add(i, catalog.items.row(i).data(), 0)), "add");
    }
    if (!saved.empty()) Check(static_cast<bool>(index_.save(saved.string().c_str())), "save");
  }

  Found Search(const Request& request, std::size_t k) override {
    const LeftOut left_out(catalog_, request);
    Found found;
    for (std::size_t query = 0; query < request.queries.rows(); ++query) {
      const float* vector = request.queries.row(query).data();
      const auto allowed = [&](Index::vector_key_t key) { return !left_out(key); };
      auto result = request.excluded.empty() ? index_.search(vector, k, 0)
                                             : index_.filtered_search(vector, k, allowed, 0);
      auto& items = found.emplace_back();
      for (std::size_t i = 0; i < result.size(); ++i) {
        items.push_back(static_cast<std::uint32_t>(result[i].member.key));
      }
    }
    return found;
  }

  bool CanUpsert() const override { return true; }
  void Upsert(const Change& change) override {
    index_.remove(change.item.value());
    Check(static_cast<bool>(index_.add(change.item.value(), change.vector.data(), 0)), "upsert");
  }

 private:
  static void Check(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(std::string("usearch: ") + what);
  }

  const Catalog& catalog_;
  Index index_;
};

}  // namespace

std::unique_ptr<Engine> MakeUsearchEngine(const Catalog& catalog) {
  return std::make_unique<UsearchEngine>(catalog);
}

}  // namespace twohop::index_benchmark
