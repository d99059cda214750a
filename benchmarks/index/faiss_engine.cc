// faiss 1.7.3: inverted lists over f32 inner products, with an IDSelector.

#include <cmath>

#include "engine.h"
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/index_io.h>

namespace twohop::index_benchmark {
namespace {

class Allowed final : public faiss::IDSelector {
 public:
  Allowed(const Catalog& catalog, const Request& request) : left_out_(catalog, request) {}
  bool is_member(idx_t item) const override { return !left_out_(static_cast<std::size_t>(item)); }

 private:
  LeftOut left_out_;
};

class FaissEngine final : public Engine {
 public:
  explicit FaissEngine(const Catalog& catalog) : catalog_(catalog) {}

  std::string name() const override {
    return "faiss 1.7.3 IVF flat f32, " + std::to_string(Lists(catalog_)) + " lists";
  }
  std::vector<std::size_t> efforts() const override { return {8, 32, 128}; }
  void SetEffort(std::size_t probes) override { parameters_.nprobe = probes; }

  void Build(const Catalog& catalog, std::size_t, const std::filesystem::path& saved) override {
    if (std::filesystem::exists(saved)) {
      index_.reset(dynamic_cast<faiss::IndexIVF*>(faiss::read_index(saved.c_str())));
    } else {
      const auto dim = static_cast<int>(catalog.items.dim());
      auto quantizer = std::make_unique<faiss::IndexFlatIP>(dim);
      auto index = std::make_unique<faiss::IndexIVFFlat>(quantizer.get(), dim, Lists(catalog),
                                                         faiss::METRIC_INNER_PRODUCT);
      quantizer.release();
      index->own_fields = true;
      index->cp.max_points_per_centroid = 64;
      index->cp.niter = 10;
      const auto rows = static_cast<faiss::Index::idx_t>(catalog.items.rows());
      index->train(rows, catalog.items.data().data());
      index->add(rows, catalog.items.data().data());
      index_ = std::move(index);
      if (!saved.empty()) faiss::write_index(index_.get(), saved.c_str());
    }
    index_->set_direct_map_type(faiss::DirectMap::Hashtable);
  }

  // All queries in one call, as faiss wants it.
  Found Search(const Request& request, std::size_t k) override {
    const Allowed allowed(catalog_, request);
    parameters_.sel = request.excluded.empty() ? nullptr : const_cast<Allowed*>(&allowed);
    const std::size_t queries = request.queries.rows();
    std::vector<float> scores(queries * k);
    std::vector<faiss::Index::idx_t> labels(queries * k);
    index_->search(static_cast<faiss::Index::idx_t>(queries), request.queries.data().data(),
                   static_cast<faiss::Index::idx_t>(k), scores.data(), labels.data(), &parameters_);
    Found found(queries);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] >= 0) found[i / k].push_back(static_cast<std::uint32_t>(labels[i]));
    }
    return found;
  }

  bool CanUpsert() const override { return true; }
  void Upsert(const Change& change) override {
    const faiss::Index::idx_t id = change.item.value();
    index_->remove_ids(faiss::IDSelectorArray(1, &id));
    index_->add_with_ids(1, change.vector.data(), &id);
  }

 private:
  // The usual 4 to 16 times the square root of the items.
  static std::size_t Lists(const Catalog& catalog) {
    return catalog.items.rows() < 300'000 ? 1'024 : 4'096;
  }

  const Catalog& catalog_;
  std::unique_ptr<faiss::IndexIVF> index_;
  faiss::IVFSearchParameters parameters_;
};

}  // namespace

std::unique_ptr<Engine> MakeFaissEngine(const Catalog& catalog) {
  return std::make_unique<FaissEngine>(catalog);
}

}  // namespace twohop::index_benchmark
