#include "twohop/reasoning/stored_answers.h"

#include <optional>
#include <utility>

#include "twohop/base/mutex.h"
#include "twohop/reasoning/demand_index.h"
#include "twohop/reasoning/edge_reading.h"

namespace twohop {

class StoredAnswers::Impl {
 public:
  Impl(const Parts& parts, const StoredAnswerOptions& options)
      : parts_(parts), options_(options), unanswered_(MakeMemoryAnswers(options.failure_memory)) {}

  Status ReadVectors() {
    std::vector<EdgeRecord> demands;
    TWOHOP_RETURN_IF_ERROR(parts_.store.ForEach(EdgeHop::kDemand, [&](const EdgeRecord& record) {
      const bool stands_alone = !record.merged && record.same_as.empty() && !record.removed();
      if (stands_alone && !record.expired(parts_.store.now())) demands.push_back(record);
    }));
    for (const EdgeRecord& record : demands) {
      TWOHOP_ASSIGN_OR_RETURN(const auto vector,
                              parts_.store.FindVector(parts_.embedder.model(), record));
      if (vector.has_value()) index_.Add(record.id, *vector);
    }
    return Ok();
  }

  AnswerLookup Find(const AnswerQuestion& question, const std::stop_token& stop) {
    AnswerLookup lookup = unanswered_->Find(question, stop);
    if (lookup.texts.has_value()) return lookup;
    const auto known =
        Absent(question.hop == EdgeHop::kSearch ? FindDemands(question) : FindCategories(question));
    lookup.texts = known;
    if (!known.has_value() && question.hop == EdgeHop::kDemand && options_.merge_cosine <= 1.0F) {
      Merge(question, stop, lookup);
    }
    if (lookup.texts.has_value()) Count(&StoredAnswerStats::found);
    return lookup;
  }

  void Remember(const AnswerQuestion& question, const std::vector<std::string>& texts,
                const AnswerLookup& lookup) {
    EdgeRecord answer;
    answer.key = KeyOf(question);
    answer.targets = question.hop == EdgeHop::kSearch ? Harmless(texts) : CategoryIds(texts);
    if (answer.targets.empty()) return unanswered_->Remember(question, texts, lookup);
    const auto id = Counted(parts_.store.PutAnswer(answer, question.asker));
    if (!id.has_value()) return;
    Count(&StoredAnswerStats::asked);
    if (question.hop == EdgeHop::kDemand && !lookup.vector.empty()) {
      static_cast<void>(
          Counted(parts_.store.PutVector(parts_.embedder.model(), question.text, lookup.vector)));
      index_.Add(*id, lookup.vector);
    }
  }

  StoredAnswerStats stats() const {
    MutexLock lock(mutex_);
    return stats_;
  }

 private:
  using Texts = std::optional<std::vector<std::string>>;

  EdgeKey KeyOf(const AnswerQuestion& question) const {
    EdgeKey key{.hop = question.hop,
                .source = EdgeSource::kModel,
                .text = question.text,
                .segment = question.segment,
                .hint = question.hint,
                .prompt_version = question.prompt_version,
                .model = question.model};
    if (question.uses_adapter && !options_.adapter.empty()) key.model += "+" + options_.adapter;
    return key;
  }

  Result<Texts> FindDemands(const AnswerQuestion& question) {
    const EdgeKey key = KeyOf(question);
    TWOHOP_ASSIGN_OR_RETURN(auto record, parts_.store.Find(key));
    if (!record.has_value()) return std::nullopt;
    TWOHOP_RETURN_IF_ERROR(parts_.store.NoteUse(key, question.asker));
    return std::move(record->targets);
  }

  Result<Texts> FindCategories(const AnswerQuestion& question) {
    const EdgeKey key = KeyOf(question);
    auto reading = ReadDemand(parts_.store, question.text, &key);
    // A damaged record of somebody else is no reason to pay for every question again.
    if (!reading.has_value()) reading = FindOwn(key);
    TWOHOP_RETURN_IF_ERROR(reading);
    if (!reading->has_value()) return std::nullopt;
    std::vector<std::string> labels = Labels((*reading)->meant);
    // Of another taxonomy altogether: not an answer.
    if (labels.empty() && !(*reading)->meant.removed()) return std::nullopt;
    EdgeKey used = (*reading)->own.key;
    used.text = question.text;
    TWOHOP_RETURN_IF_ERROR(parts_.store.NoteUse(used, question.asker));
    return labels;
  }

  Result<std::optional<DemandReading>> FindOwn(const EdgeKey& key) {
    Count(&StoredAnswerStats::failures);
    TWOHOP_ASSIGN_OR_RETURN(auto record, parts_.store.Find(key));
    if (!record.has_value()) return std::nullopt;
    return DemandReading{.own = *record, .meant = *record};
  }

  // Answers with the categories of the nearest demand, if it is near enough, and keeps them for
  // this one, so that the same words are not embedded again.
  void Merge(const AnswerQuestion& question, const std::stop_token& stop, AnswerLookup& lookup) {
    const std::vector<std::string> texts{question.text};
    const auto vectors = Counted(parts_.embedder.Embed(texts, stop));
    if (!vectors.has_value() || vectors->rows() != 1) return;
    const std::span<const float> row = vectors->row(0);
    lookup.vector.assign(row.begin(), row.end());
    for (const NearDemand& near : index_.FindNear(row, options_.merge_cosine, kNearTried)) {
      const Texts labels = Absent(TakeOver(question, near));
      if (!labels.has_value()) continue;
      lookup.texts = labels;
      return Count(&StoredAnswerStats::merged);
    }
  }

  Result<Texts> TakeOver(const AnswerQuestion& question, const NearDemand& near) {
    TWOHOP_ASSIGN_OR_RETURN(const auto other, FindIndexed(near.id));
    if (!other.has_value()) return std::nullopt;
    EdgeRecord answer;
    answer.key = KeyOf(question);
    if (other->key.source == EdgeSource::kModel && !SameAuthor(other->key, answer.key)) {
      return std::nullopt;
    }
    std::vector<std::string> labels = Labels(*other);
    if (labels.empty()) return std::nullopt;
    answer.targets = other->targets;
    answer.same_as = other->text;  // Empty if hidden: its words are not for others.
    answer.merged = true;
    TWOHOP_RETURN_IF_ERROR(parts_.store.PutAnswer(std::move(answer), question.asker));
    return labels;
  }

  static bool SameAuthor(const EdgeKey& a, const EdgeKey& b) {
    return a.model == b.model && a.prompt_version == b.prompt_version;
  }

  // The demand of the index, if nobody has renamed, removed or corrected it meanwhile.
  Result<std::optional<EdgeRecord>> FindIndexed(const std::string& id) {
    TWOHOP_ASSIGN_OR_RETURN(auto record, parts_.store.FindById(EdgeHop::kDemand, id));
    if (!record.has_value() || record->hidden) return record;
    TWOHOP_ASSIGN_OR_RETURN(auto reading, ReadDemand(parts_.store, record->key.text, &record->key));
    if (!reading.has_value()) return std::nullopt;
    return std::move(reading->meant);
  }

  std::vector<std::string> Labels(const EdgeRecord& record) const {
    std::vector<std::string> labels;
    for (const CategoryIndex category : CategoriesOf(record.targets, parts_.taxonomy)) {
      labels.push_back(parts_.taxonomy.label(category));
    }
    return labels;
  }

  std::vector<std::string> CategoryIds(const std::vector<std::string>& names) const {
    std::vector<std::string> ids;
    for (const std::string& name : names) {
      if (const auto category = parts_.taxonomy.FindByName(name)) {
        ids.push_back(parts_.taxonomy.at(*category).id);
      }
    }
    return ids;
  }

  std::vector<std::string> Harmless(const std::vector<std::string>& demands) const {
    std::vector<std::string> kept;
    for (const std::string& demand : demands) {
      if (!parts_.blocklist.Blocks(demand)) kept.push_back(demand);
    }
    return kept;
  }

  // A failure is as good as an absent answer, and counted.
  template <typename T>
  Result<T> Counted(Result<T> result) {
    if (!result.has_value()) Count(&StoredAnswerStats::failures);
    return result;
  }
  Texts Absent(Result<Texts> texts) {
    if (texts.has_value()) return *std::move(texts);
    Count(&StoredAnswerStats::failures);
    return std::nullopt;
  }

  void Count(std::uint64_t StoredAnswerStats::*counter) {
    MutexLock lock(mutex_);
    ++(stats_.*counter);
  }

  static constexpr std::size_t kNearTried = 3;  // The nearest may be gone.

  const Parts parts_;
  const StoredAnswerOptions options_;
  const std::shared_ptr<AnswerCache> unanswered_;
  DemandIndex index_;
  mutable Mutex mutex_;
  StoredAnswerStats stats_ TWOHOP_GUARDED_BY(mutex_);
};

StoredAnswers::StoredAnswers(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StoredAnswers::~StoredAnswers() = default;

Result<std::unique_ptr<StoredAnswers>> StoredAnswers::Make(const Parts& parts,
                                                           const StoredAnswerOptions& options) {
  auto impl = std::make_unique<Impl>(parts, options);
  TWOHOP_RETURN_IF_ERROR(impl->ReadVectors());
  return std::unique_ptr<StoredAnswers>(new StoredAnswers(std::move(impl)));
}

AnswerLookup StoredAnswers::Find(const AnswerQuestion& question, const std::stop_token& stop) {
  return impl_->Find(question, stop);
}

void StoredAnswers::Remember(const AnswerQuestion& question, const std::vector<std::string>& texts,
                             const AnswerLookup& lookup) {
  impl_->Remember(question, texts, lookup);
}

StoredAnswerStats StoredAnswers::stats() const { return impl_->stats(); }

}  // namespace twohop
