// Edges that all users share, on disk.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/reasoning/edge_record.h"

namespace twohop {

class RocksDatabase;

struct EdgeStoreOptions {
  // What a model made of a search (hop 1) or wrote as a demand (hop 2) is hidden until so many
  // different users have come to it, counted from below: two users may count as one. At least 1; 1
  // hides nothing.
  std::size_t k_anonymity = 3;
  // Records of models expire after this; 0: never. Those of teachers and by hand never do.
  std::chrono::days model_ttl{30};
  // Random; kept by a new store, which makes its hashes different from those of others.
  std::uint64_t salt = 1;

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// Two maps with provenance: (search, segment, prompt version, model) to demands, (demand, prompt
// version, model) to categories; and the text vectors of demands.
//
// A record holds no user's id. What a model made of a search is for other users only if they made
// the same search (in the form of NormalizeName), and as long as fewer than k_anonymity users did,
// the record is kept under a salted hash of the search and no listing shows it: a rare search may
// say who somebody is, and so may the demand that was read out of it. This is a rule for what
// people are shown; who has the files can still guess a search and look whether it is there, and
// can read the demands in the records. Those who made a search are counted in one byte each
// (EdgeRecord::askers), deleted when k are reached.
//
// Thread-safe. `clock` must outlive it.
//
// Errors of every method that writes: kFailedPrecondition if the store was opened for reading;
// kResourceExhausted if the disk is full; kUnavailable for any other I/O failure. Of every method
// that reads records: kDataLoss if one of them is damaged, naming search or demand; the others stay
// readable.
class EdgeStore {
 public:
  // A store in RocksDB: one process at a time may write.
  //
  // Errors: those of RocksDatabase::Open and EdgeStoreOptions::Validate; kUnimplemented if a newer
  // version wrote it.
  static Result<std::unique_ptr<EdgeStore>> Open(const std::filesystem::path& dir, OpenMode mode,
                                                 const Clock& clock,
                                                 const EdgeStoreOptions& options = {});
  ~EdgeStore();
  EdgeStore(const EdgeStore&) = delete;
  EdgeStore& operator=(const EdgeStore&) = delete;

  // The record with this key, hidden or not; nothing if there is none or it has expired.
  Result<std::optional<EdgeRecord>> Find(const EdgeKey& key) const;

  // The record with EdgeRecord::id `id`; as Find.
  Result<std::optional<EdgeRecord>> FindById(EdgeHop hop, std::string_view id) const;

  // All unexpired records of `text` (in the form of NormalizeName), hidden ones too: by hand first,
  // then of teachers, then of models, newest first.
  Result<std::vector<EdgeRecord>> FindAll(EdgeHop hop, std::string_view text) const;

  // What ForEach came upon and could not read.
  struct Damage {
    EdgeHop hop;
    std::string id;
    std::string what;
  };

  // Calls `visit` for every record of a hop, expired and hidden ones too, ordered by id, at the
  // moment of the call. Returns the damaged ones, which are left out.
  Result<std::vector<Damage>> ForEach(EdgeHop hop,
                                      const std::function<void(const EdgeRecord&)>& visit) const;

  // Adds or replaces a record of a teacher or by hand, under its key.
  Status Put(const EdgeRecord& record);

  // All records in `put` and none of those in `remove` (by id), in one step.
  Status Change(std::span<const EdgeRecord> put, std::span<const EdgeRecord> remove);

  // Replaces all records of teachers by these. `fingerprint` says what they were made from.
  Status ReplaceTeacher(std::span<const EdgeRecord> records, std::uint64_t fingerprint);
  Result<std::optional<std::uint64_t>> teacher_fingerprint() const;

  // Keeps what a model answered to `asker`: `targets`, `merged`, `same_as` and the key of `answer`
  // count. Sets time and expiry, and hides it as k_anonymity says. Returns the id.
  Result<std::string> PutAnswer(EdgeRecord answer, const UserId& asker);

  // A call for `asker` was saved by this record, which Find returned for `key`. Shows it from the
  // k-th user on. Nothing happens if the record is gone.
  Status NoteUse(const EdgeKey& key, const UserId& asker);

  // Removes the records of this text by this source, or by all, damaged and hidden ones too.
  // Returns how many there were.
  Result<std::size_t> Remove(EdgeHop hop, std::string_view text, std::optional<EdgeSource> source);

  // Text vectors of demands, by the model that made them.
  Status PutVector(std::string_view encoder, std::string_view demand,
                   std::span<const float> vector);
  // Of L2 norm 1 as they were put; nothing where there is none.
  Result<std::optional<std::vector<float>>> FindVector(std::string_view encoder,
                                                       const EdgeRecord& demand) const;

  const EdgeStoreOptions& options() const { return options_; }
  TimePoint now() const { return clock_.Now(); }

 private:
  EdgeStore(std::unique_ptr<RocksDatabase> database, const Clock& clock,
            const EdgeStoreOptions& options);

  Status LoadSalt();
  std::string SecretOf(std::string_view text) const;
  std::string VectorId(std::string_view encoder, std::string_view secret) const;
  Result<std::optional<EdgeRecord>> Read(EdgeHop hop, std::string_view id) const;
  Result<std::optional<EdgeRecord>> ReadEither(const EdgeKey& key) const;
  // Where and how a record stands after `asker` has come with its text.
  void CountAsker(const UserId& asker, const EdgeKey& key, EdgeRecord& record) const;
  // Writes the record, and removes the other form of it that `key` may have.
  Status Replace(const EdgeRecord& record, const EdgeKey& key);

  std::unique_ptr<RocksDatabase> database_;
  const Clock& clock_;
  EdgeStoreOptions options_;
  Mutex write_mutex_;  // Held over read, change and write of a record. Readers never take it.
};

}  // namespace twohop
