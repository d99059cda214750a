#include "engine.h"

namespace twohop::index_benchmark {

std::vector<std::string> EngineNames() {
  std::vector<std::string> names = {"exact", "cells"};
#if defined(TWOHOP_HAS_HNSWLIB)
  names.emplace_back("hnswlib");
#endif
#if defined(TWOHOP_HAS_FAISS)
  names.emplace_back("faiss");
#endif
#if defined(TWOHOP_HAS_USEARCH)
  names.emplace_back("usearch");
#endif
  return names;
}

std::unique_ptr<Engine> MakeEngine(std::string_view name, [[maybe_unused]] const Catalog& catalog) {
  if (name == "exact") return MakeExactEngine();
  if (name == "cells") return MakeCellEngine();
#if defined(TWOHOP_HAS_HNSWLIB)
  if (name == "hnswlib") return MakeHnswlibEngine(catalog);
#endif
#if defined(TWOHOP_HAS_FAISS)
  if (name == "faiss") return MakeFaissEngine(catalog);
#endif
#if defined(TWOHOP_HAS_USEARCH)
  if (name == "usearch") return MakeUsearchEngine(catalog);
#endif
  return nullptr;
}

}  // namespace twohop::index_benchmark
