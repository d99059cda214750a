#include "twohop/reasoning/edge_record.h"

#include <array>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/base/time_format.h"
#include "twohop/rocks/rocks_record.h"

namespace twohop {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr char kEndOfText = '\0';
constexpr char kHiddenMark = '\x01';  // Neither of the two is in any NormalizeName.

constexpr std::array<EdgeSource, 3> kSources{EdgeSource::kModel, EdgeSource::kTeacher,
                                             EdgeSource::kHand};

std::string FieldsOf(const EdgeKey& key) {
  BinaryWriter out;
  out.Unsigned(static_cast<std::uint64_t>(key.source));
  for (const std::string* field : {&key.segment, &key.hint, &key.prompt_version, &key.model}) {
    out.Bytes(*field);
  }
  return std::move(out).str();
}

Result<EdgeKey> ParseEdgeId(EdgeHop hop, std::string_view id) {
  const std::size_t end = id.find(kEndOfText);
  if (end == std::string_view::npos) return DataLoss("an id without an end of its text");
  EdgeKey key{.hop = hop};
  if (!SecretOfEdgeId(id)) key.text = id.substr(0, end);
  BinaryReader in(id.substr(end + 1));
  key.source = static_cast<EdgeSource>(in.UnsignedIn(0, kSources.size() - 1));
  for (std::string* field : {&key.segment, &key.hint, &key.prompt_version, &key.model}) {
    *field = in.Bytes();
  }
  TWOHOP_RETURN_IF_ERROR(in.Finish());
  return key;
}

void WriteTexts(const std::vector<std::string>& texts, BinaryWriter& out) {
  out.Unsigned(texts.size());
  for (const std::string& text : texts) out.Bytes(text);
}

std::vector<std::string> ReadTexts(BinaryReader& in) {
  std::vector<std::string> texts(in.Count());
  for (std::string& text : texts) text = in.Bytes();
  return texts;
}

Result<EdgeRecord> ReadPayload(EdgeKey key, std::string_view payload) {
  BinaryReader in(payload);
  if (const std::uint64_t version = in.Unsigned(); version > kVersion) {
    return Unimplemented(fmt::format("record of version {}", version));
  }
  EdgeRecord record;
  record.key = std::move(key);
  record.text = in.Bytes();
  record.targets = ReadTexts(in);
  record.stretch = ReadTexts(in);
  record.same_as = in.Bytes();
  record.merged = in.UnsignedIn(0, 1) == 1;
  record.hidden = in.UnsignedIn(0, 1) == 1;
  record.time = TimePoint(Milliseconds(in.Signed()));
  if (in.UnsignedIn(0, 1) == 1) record.expires = TimePoint(Milliseconds(in.Signed()));
  record.uses = in.Unsigned();
  const std::string_view askers = in.Bytes();
  record.askers.assign(askers.begin(), askers.end());
  TWOHOP_RETURN_IF_ERROR(in.Finish());
  return record;
}

}  // namespace

std::string_view EdgeSourceName(EdgeSource source) {
  switch (source) {
    case EdgeSource::kModel:
      return "model";
    case EdgeSource::kTeacher:
      return "teacher";
    case EdgeSource::kHand:
      return "hand";
  }
  return "unknown";
}

std::optional<EdgeSource> FindEdgeSource(std::string_view name) {
  for (const EdgeSource source : kSources) {
    if (EdgeSourceName(source) == name) return source;
  }
  return std::nullopt;
}

std::string EncodeEdgeRecord(const EdgeRecord& record) {
  BinaryWriter out;
  out.Unsigned(kVersion);
  out.Bytes(record.text);
  WriteTexts(record.targets, out);
  WriteTexts(record.stretch, out);
  out.Bytes(record.same_as);
  out.Unsigned(record.merged ? 1 : 0);
  out.Unsigned(record.hidden ? 1 : 0);
  out.Signed(record.time.time_since_epoch().count());
  out.Unsigned(record.expires.has_value() ? 1 : 0);
  if (record.expires.has_value()) out.Signed(record.expires->time_since_epoch().count());
  out.Unsigned(record.uses);
  out.Bytes(std::string(record.askers.begin(), record.askers.end()));
  return SealRecord(record.id, out.str());
}

Result<EdgeRecord> DecodeEdgeRecord(EdgeHop hop, std::string_view id, std::string_view bytes) {
  Result<EdgeKey> key = ParseEdgeId(hop, id);
  if (!key.has_value()) return Annotate(key, DescribeEdge(hop, id));
  const auto payload = OpenRecord(id, bytes);
  if (!payload) return DataLoss(fmt::format("bad checksum of {}", DescribeEdge(hop, id)));
  Result<EdgeRecord> record = ReadPayload(*std::move(key), *payload);
  if (!record.has_value()) return Annotate(record, DescribeEdge(hop, id));
  record->id = id;
  return record;
}

std::string EdgeId(const EdgeKey& key) { return EdgeIdPrefix(key.text) + FieldsOf(key); }

std::string HiddenEdgeId(const EdgeKey& key, std::string_view secret) {
  return HiddenEdgeIdPrefix(secret) + FieldsOf(key);
}

std::string EdgeIdPrefix(std::string_view text) { return std::string(text) + kEndOfText; }

std::string HiddenEdgeIdPrefix(std::string_view secret) {
  return kHiddenMark + EdgeIdPrefix(secret);
}

std::optional<std::string_view> SecretOfEdgeId(std::string_view id) {
  const std::size_t end = id.find(kEndOfText);
  if (!id.starts_with(kHiddenMark) || end == std::string_view::npos) return std::nullopt;
  return id.substr(1, end - 1);
}

std::string DescribeEdge(EdgeHop hop, std::string_view id) {
  const std::string_view what = hop == EdgeHop::kSearch ? "search" : "demand";
  const auto key = ParseEdgeId(hop, id);
  const std::string_view who = key ? EdgeSourceName(key->source) : "unknown source";
  if (const auto secret = SecretOfEdgeId(id)) {
    return fmt::format("hidden {} {} ({})", what, *secret, who);
  }
  return fmt::format("{} \"{}\" ({})", what, id.substr(0, id.find(kEndOfText)), who);
}

Json EdgeRecordToJson(const EdgeRecord& record) {
  Json json = {{"kind", record.key.hop == EdgeHop::kSearch ? "search" : "demand"},
               {"source", EdgeSourceName(record.key.source)},
               {"segment", record.key.segment},
               {"prompt_version", record.key.prompt_version},
               {"model", record.key.model},
               {"time", FormatTime(record.time)},
               {"expires", nullptr},
               {"uses", record.uses},
               {"hidden", record.hidden}};
  if (record.expires.has_value()) json["expires"] = FormatTime(*record.expires);
  if (record.hidden) return json;
  json["text"] = record.text;
  json["targets"] = record.targets;
  json["stretch"] = record.stretch;
  json["same_as"] = record.same_as;
  json["merged"] = record.merged;
  return json;
}

}  // namespace twohop
