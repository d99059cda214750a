#include "twohop/reasoning/edge_store.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include "twohop/base/binary.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/rocks/rocks_database.h"
#include "twohop/rocks/rocks_number.h"
#include "twohop/rocks/rocks_record.h"
#include "twohop/rocks/rocks_status.h"

namespace twohop {
namespace {

// Numbers of the column families: positions in kFamilies. `search` and `demand` hold the records of
// a hop by EdgeRecord::id; `vector` text vectors by encoder and hash of the demand; `meta`
// "format", "salt" and "teacher", all varints.
constexpr std::size_t kVector = 2;
constexpr std::size_t kMeta = 3;
constexpr std::array<RocksFamily, 4> kFamilies = {{
    {"search", RocksAccess::kByKey},
    {"demand", RocksAccess::kByKey},
    {"vector", RocksAccess::kByKey},
    {"meta", RocksAccess::kByKey},
}};
constexpr std::uint64_t kFormat = 1;
constexpr std::string_view kSaltKey = "salt";
constexpr std::string_view kTeacherKey = "teacher";

std::size_t FamilyOf(EdgeHop hop) { return hop == EdgeHop::kSearch ? 0 : 1; }

rocksdb::ReadOptions ScanOptions() {
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // A pass over everything does not push out what is in use.
  return options;
}

// Calls `visit` for the entries whose id begins with `prefix`.
Status Scan(const RocksDatabase& database, EdgeHop hop, std::string_view prefix,
            const std::function<void(std::string_view id, std::string_view bytes)>& visit) {
  const std::unique_ptr<rocksdb::Iterator> it(
      database.db().NewIterator(ScanOptions(), database.family(FamilyOf(hop))));
  for (it->Seek(ToSlice(prefix)); it->Valid() && ToView(it->key()).starts_with(prefix);
       it->Next()) {
    visit(ToView(it->key()), ToView(it->value()));
  }
  return ToStatus(it->status(), fmt::format("cannot read {}", database.name()));
}

// A batch that remembers its first failure.
class Batch {
 public:
  explicit Batch(RocksDatabase& database) : database_(database) {}

  void Put(EdgeHop hop, const EdgeRecord& record) {
    Note(batch_.Put(database_.family(FamilyOf(hop)), ToSlice(record.id), EncodeEdgeRecord(record)));
  }
  void PutNumber(std::string_view key, std::uint64_t number) {
    Note(batch_.Put(database_.family(kMeta), ToSlice(key), NumberValue(number)));
  }
  void Delete(EdgeHop hop, std::string_view id) {
    Note(batch_.Delete(database_.family(FamilyOf(hop)), ToSlice(id)));
  }

  Status Write() {
    TWOHOP_RETURN_IF_ERROR(ToStatus(failed_, database_.name()));
    return database_.Write(batch_);
  }

 private:
  void Note(rocksdb::Status status) {
    if (failed_.ok()) failed_ = std::move(status);
  }

  RocksDatabase& database_;
  rocksdb::WriteBatch batch_;
  rocksdb::Status failed_;
};

EdgeRecord WithId(const EdgeRecord& record) {
  EdgeRecord placed = record;
  placed.id = EdgeId(record.key);
  return placed;
}

// The source stands right behind the text, so that even a damaged record has one.
std::optional<EdgeSource> SourceOfId(std::string_view id) {
  const std::size_t end = id.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  BinaryReader in(id.substr(end + 1));
  return static_cast<EdgeSource>(in.Unsigned());
}

}  // namespace

Status EdgeStoreOptions::Validate() const {
  // A byte per user tells 256 apart, and by far fewer surely.
  if (k_anonymity < 1 || k_anonymity > 100) {
    return InvalidArgument(fmt::format("k_anonymity is {}, must be in [1, 100]", k_anonymity));
  }
  if (model_ttl.count() < 0) {
    return InvalidArgument(fmt::format("model_ttl is {}, must be at least 0", model_ttl.count()));
  }
  return Ok();
}

EdgeStore::EdgeStore(std::unique_ptr<RocksDatabase> database, const Clock& clock,
                     const EdgeStoreOptions& options)
    : database_(std::move(database)), clock_(clock), options_(options) {}

EdgeStore::~EdgeStore() = default;

Result<std::unique_ptr<EdgeStore>> EdgeStore::Open(const std::filesystem::path& dir, OpenMode mode,
                                                   const Clock& clock,
                                                   const EdgeStoreOptions& options) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(dir, mode, kFamilies));
  TWOHOP_RETURN_IF_ERROR(CheckFormat(*database, kMeta, kFormat));
  std::unique_ptr<EdgeStore> store(new EdgeStore(std::move(database), clock, options));
  TWOHOP_RETURN_IF_ERROR(store->LoadSalt());
  return store;
}

Status EdgeStore::LoadSalt() {
  TWOHOP_ASSIGN_OR_RETURN(const auto salt, GetNumber(*database_, kMeta, kSaltKey));
  if (salt.has_value()) {
    options_.salt = *salt;
    return Ok();
  }
  // A reader of a store that nothing was written to yet finds nothing under any salt.
  if (!database_->RequireWritable().has_value()) return Ok();
  return PutNumber(*database_, kMeta, kSaltKey, options_.salt);
}

std::string EdgeStore::SecretOf(std::string_view text) const {
  return Hasher().Add(options_.salt).Add(text).hex();
}

Result<std::optional<EdgeRecord>> EdgeStore::Read(EdgeHop hop, std::string_view id) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto bytes, database_->Get(FamilyOf(hop), id));
  if (!bytes.has_value()) return std::nullopt;
  Result<EdgeRecord> record = DecodeEdgeRecord(hop, id, ToView(*bytes));
  if (!record.has_value()) return Annotate(record, database_->name());
  return *std::move(record);
}

Result<std::optional<EdgeRecord>> EdgeStore::ReadEither(const EdgeKey& key) const {
  TWOHOP_ASSIGN_OR_RETURN(auto shown, Read(key.hop, EdgeId(key)));
  if (shown.has_value() || key.source != EdgeSource::kModel) return shown;
  return Read(key.hop, HiddenEdgeId(key, SecretOf(key.text)));
}

Result<std::optional<EdgeRecord>> EdgeStore::Find(const EdgeKey& key) const {
  TWOHOP_ASSIGN_OR_RETURN(auto record, ReadEither(key));
  if (!record.has_value() || record->expired(now())) return std::nullopt;
  return record;
}

Result<std::optional<EdgeRecord>> EdgeStore::FindById(EdgeHop hop, std::string_view id) const {
  TWOHOP_ASSIGN_OR_RETURN(auto record, Read(hop, id));
  if (!record.has_value() || record->expired(now())) return std::nullopt;
  return record;
}

Result<std::vector<EdgeRecord>> EdgeStore::FindAll(EdgeHop hop, std::string_view text) const {
  std::vector<EdgeRecord> records;
  Status damage;
  const auto take = [&](std::string_view id, std::string_view bytes) {
    Result<EdgeRecord> record = DecodeEdgeRecord(hop, id, bytes);
    if (!record.has_value()) {
      damage = Annotate(record, database_->name());
    } else if (!record->expired(now())) {
      records.push_back(*std::move(record));
    }
  };
  TWOHOP_RETURN_IF_ERROR(Scan(*database_, hop, EdgeIdPrefix(text), take));
  TWOHOP_RETURN_IF_ERROR(Scan(*database_, hop, HiddenEdgeIdPrefix(SecretOf(text)), take));
  TWOHOP_RETURN_IF_ERROR(std::move(damage));
  std::stable_sort(records.begin(), records.end(), [](const EdgeRecord& a, const EdgeRecord& b) {
    return std::tie(a.key.source, a.time) > std::tie(b.key.source, b.time);
  });
  return records;
}

Result<std::vector<EdgeStore::Damage>> EdgeStore::ForEach(
    EdgeHop hop, const std::function<void(const EdgeRecord&)>& visit) const {
  std::vector<Damage> damage;
  TWOHOP_RETURN_IF_ERROR(
      Scan(*database_, hop, {}, [&](std::string_view id, std::string_view bytes) {
        const Result<EdgeRecord> record = DecodeEdgeRecord(hop, id, bytes);
        if (record.has_value()) {
          visit(*record);
        } else {
          damage.push_back({hop, std::string(id), record.error().message()});
        }
      }));
  return damage;
}

Status EdgeStore::Put(const EdgeRecord& record) { return Change({&record, 1}, {}); }

Status EdgeStore::Change(std::span<const EdgeRecord> put, std::span<const EdgeRecord> remove) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  Batch batch(*database_);
  for (const EdgeRecord& record : remove) batch.Delete(record.key.hop, record.id);
  for (const EdgeRecord& record : put) batch.Put(record.key.hop, WithId(record));
  return batch.Write();
}

Status EdgeStore::ReplaceTeacher(std::span<const EdgeRecord> records, std::uint64_t fingerprint) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  Batch batch(*database_);
  for (const EdgeHop hop : {EdgeHop::kSearch, EdgeHop::kDemand}) {
    TWOHOP_RETURN_IF_ERROR(
        Scan(*database_, hop, {}, [&](std::string_view id, std::string_view /*bytes*/) {
          if (SourceOfId(id) == EdgeSource::kTeacher) batch.Delete(hop, id);
        }));
  }
  for (const EdgeRecord& record : records) batch.Put(record.key.hop, WithId(record));
  batch.PutNumber(kTeacherKey, fingerprint);
  return batch.Write();
}

Result<std::optional<std::uint64_t>> EdgeStore::teacher_fingerprint() const {
  return GetNumber(*database_, kMeta, kTeacherKey);
}

void EdgeStore::CountAsker(const UserId& asker, const EdgeKey& key, EdgeRecord& record) const {
  const std::string secret = SecretOf(key.text);
  // Another record gives the same user another byte, and many users share each byte.
  const auto mark = static_cast<std::uint8_t>(Hasher().Add(secret).Add(asker.value()).value() &
                                              std::uint64_t{0xFF});
  auto& askers = record.askers;
  if (std::find(askers.begin(), askers.end(), mark) == askers.end()) askers.push_back(mark);
  record.hidden = askers.size() < options_.k_anonymity;
  record.key = key;
  if (record.hidden) {
    std::sort(askers.begin(), askers.end());  // Nor does the order say who came first.
    record.text.clear();
    record.id = HiddenEdgeId(key, secret);
  } else {
    askers.clear();
    record.text = key.text;
    record.id = EdgeId(key);
  }
}

Status EdgeStore::Replace(const EdgeRecord& record, const EdgeKey& key) {
  Batch batch(*database_);
  for (const std::string& id : {EdgeId(key), HiddenEdgeId(key, SecretOf(key.text))}) {
    if (id != record.id) batch.Delete(key.hop, id);
  }
  batch.Put(key.hop, record);
  return batch.Write();
}

Result<std::string> EdgeStore::PutAnswer(EdgeRecord answer, const UserId& asker) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  answer.key.source = EdgeSource::kModel;
  const EdgeKey key = answer.key;
  // What is damaged is better replaced than kept.
  const auto before = ReadEither(key);
  const bool known = before.has_value() && before->has_value();
  answer.time = now();
  answer.expires.reset();
  if (options_.model_ttl.count() > 0) answer.expires = answer.time + options_.model_ttl;
  if (known) answer.askers = (*before)->askers;
  if (known && !(*before)->hidden) {
    answer.text = key.text;  // Once shown, shown.
    answer.id = (*before)->id;
  } else {
    CountAsker(asker, key, answer);
  }
  TWOHOP_RETURN_IF_ERROR(Replace(answer, key));
  return answer.id;
}

Status EdgeStore::NoteUse(const EdgeKey& key, const UserId& asker) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  TWOHOP_ASSIGN_OR_RETURN(auto record, ReadEither(key));
  if (!record.has_value()) return Ok();
  ++record->uses;
  if (record->hidden) CountAsker(asker, key, *record);
  return Replace(*record, key);
}

Result<std::size_t> EdgeStore::Remove(EdgeHop hop, std::string_view text,
                                      std::optional<EdgeSource> source) {
  TWOHOP_RETURN_IF_ERROR(database_->RequireWritable());
  MutexLock lock(write_mutex_);
  Batch batch(*database_);
  std::size_t removed = 0;
  const auto take = [&](std::string_view id, std::string_view /*bytes*/) {
    if (source.has_value() && SourceOfId(id) != source) return;
    batch.Delete(hop, id);
    ++removed;
  };
  TWOHOP_RETURN_IF_ERROR(Scan(*database_, hop, EdgeIdPrefix(text), take));
  TWOHOP_RETURN_IF_ERROR(Scan(*database_, hop, HiddenEdgeIdPrefix(SecretOf(text)), take));
  TWOHOP_RETURN_IF_ERROR(batch.Write());
  return removed;
}

std::string EdgeStore::VectorId(std::string_view encoder, std::string_view secret) const {
  return EdgeIdPrefix(encoder) + std::string(secret);
}

Status EdgeStore::PutVector(std::string_view encoder, std::string_view demand,
                            std::span<const float> vector) {
  const std::string id = VectorId(encoder, SecretOf(NormalizeName(demand)));
  BinaryWriter out;
  out.Floats(vector);
  rocksdb::WriteBatch batch;
  TWOHOP_RETURN_IF_ERROR(
      ToStatus(batch.Put(database_->family(kVector), ToSlice(id), SealRecord(id, out.str())),
               database_->name()));
  return database_->Write(batch);
}

Result<std::optional<std::vector<float>>> EdgeStore::FindVector(std::string_view encoder,
                                                                const EdgeRecord& demand) const {
  const auto hidden = SecretOfEdgeId(demand.id);
  const std::string id =
      VectorId(encoder, hidden ? std::string(*hidden) : SecretOf(demand.key.text));
  TWOHOP_ASSIGN_OR_RETURN(const auto bytes, database_->Get(kVector, id));
  if (!bytes.has_value()) return std::nullopt;
  const auto payload = OpenRecord(id, ToView(*bytes));
  // Vectors can be made again: a damaged one counts as missing.
  if (!payload) return std::nullopt;
  BinaryReader in(*payload);
  std::vector<float> vector = in.Floats();
  if (!in.Finish().has_value()) return std::nullopt;
  return vector;
}

}  // namespace twohop
