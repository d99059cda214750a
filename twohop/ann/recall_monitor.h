// How much of what they should find the searches of live traffic do find.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/base/rng.h"

namespace twohop {

struct RecallMonitorOptions {
  double share = 0.001;          // Of the searches that are compared, in [0, 1].
  std::size_t max_waiting = 16;  // Searches that wait to be compared; each holds its index.
  std::size_t window = 2'000;    // The estimate is of the last so many queries.
  std::uint64_t seed = 1;        // Same seed, same order of searches: the same samples.

  // Errors: kInvalidArgument, naming the option.
  Status Validate() const;
};

struct RecallEstimate {
  std::size_t queries = 0;  // In the window.
  double recall = 1.0;      // Their mean recall@k, each with the k that it asked for.
  // Wilson score interval of 95 %, a query taken for one trial: wide rather than narrow, as the
  // recall of a query varies less than a coin. [0, 1] without queries.
  double low = 0.0;
  double high = 1.0;
  std::uint64_t dropped = 0;  // Samples that found no place to wait, since the start.
};

// Takes a seeded sample of searches and compares each, when told to, with the f32 scan of the index
// that answered it. The request path pays for a random number and, if drawn, for a copy.
//
// Thread-safe. No lock is held while an index is scanned.
class RecallMonitor {
 public:
  // REQUIRES: options are valid.
  explicit RecallMonitor(const RecallMonitorOptions& options = {});

  // After a search: `found` is what index->Search(queries, options) returned. For a MutableIndex,
  // pass the version that was searched (Freeze()), or its later changes count as misses.
  void Offer(const std::shared_ptr<const AnnIndex>& index, EmbeddingsView queries,
             const SearchOptions& options, const std::vector<std::vector<Neighbor>>& found);

  // Compares the search that waits longest, on the calling thread: tens of milliseconds for a
  // million items. False if none waits.
  //
  // Errors: those of AnnIndex::SearchExhaustively; the sample is gone.
  Result<bool> RunOnce();

  RecallEstimate estimate() const;

 private:
  struct Sample {
    std::shared_ptr<const AnnIndex> index;
    Embeddings queries;
    std::size_t k = 0;
    std::vector<Level1Index> excluded;
    std::vector<std::vector<Neighbor>> found;
  };

  bool TakeOldest(Sample& sample);

  const RecallMonitorOptions options_;
  mutable Mutex mutex_;
  Rng rng_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<Sample> waiting_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<double> recalls_ TWOHOP_GUARDED_BY(mutex_);  // Of the last `window` queries.
  std::uint64_t dropped_ TWOHOP_GUARDED_BY(mutex_) = 0;
};

}  // namespace twohop
