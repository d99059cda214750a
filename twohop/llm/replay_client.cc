#include "twohop/llm/replay_client.h"

#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/line_reader.h"
#include "twohop/base/mutex.h"
#include "twohop/base/text.h"
#include "twohop/llm/transcript.h"

namespace twohop {
namespace {

using llm_internal::ChatExchange;
using llm_internal::EmbeddedText;

// What the lines of one kind hold, once read.
template <typename Entry>
using ParseLine = Result<std::optional<Entry>> (*)(const Json&);

// Hands every entry of one kind to `take`.
template <typename Entry, typename Take>
Status ReadTranscript(const std::filesystem::path& file, ParseLine<Entry> parse, Take take) {
  constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20U;
  TWOHOP_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(file, kMaxLineBytes));
  while (const auto line = reader.Next()) {
    const auto fail = [&](const Error& error) {
      return DataLoss(fmt::format("{}:{}: {}", file.string(), line->number, error.message()));
    };
    if (Trim(line->text).empty()) continue;
    const Result<Json> json = ParseJson(line->text);
    if (!json) return fail(json.error());
    Result<std::optional<Entry>> entry = parse(*json);
    if (!entry) return fail(entry.error());
    if (!entry->has_value()) continue;
    if (const Status taken = take(**std::move(entry)); !taken) return fail(taken.error());
  }
  return reader.status();
}

class FileTranscriptWriter final : public TranscriptWriter {
 public:
  FileTranscriptWriter(std::ofstream out, std::string name)
      : out_(std::move(out)), name_(std::move(name)) {}

  Status AppendLine(std::string line) override {
    line += '\n';
    MutexLock lock(mutex_);
    out_ << line << std::flush;
    if (!out_) return Unavailable("cannot write " + name_);
    return Ok();
  }

 private:
  Mutex mutex_;
  std::ofstream out_ TWOHOP_GUARDED_BY(mutex_);
  const std::string name_;
};

class RecordingChatClient final : public ChatClient {
 public:
  RecordingChatClient(ChatClient& inner, TranscriptWriter& writer)
      : inner_(inner), writer_(writer) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    Result<ChatReply> reply = inner_.Complete(request, stop);
    if (reply) {
      TWOHOP_RETURN_IF_ERROR(writer_.AppendLine(llm_internal::FormatExchange(request, *reply)));
    }
    return reply;
  }

  std::string model() const override { return inner_.model(); }

 private:
  ChatClient& inner_;
  TranscriptWriter& writer_;
};

class RecordingEmbeddingClient final : public EmbeddingClient {
 public:
  RecordingEmbeddingClient(EmbeddingClient& inner, TranscriptWriter& writer)
      : inner_(inner), writer_(writer) {}

  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) override {
    Result<Embeddings> rows = inner_.Embed(texts, stop);
    for (std::size_t i = 0; rows && i < texts.size(); ++i) {
      TWOHOP_RETURN_IF_ERROR(
          writer_.AppendLine(llm_internal::FormatEmbedding(model(), texts[i], rows->row(i))));
    }
    return rows;
  }

  std::string model() const override { return inner_.model(); }

 private:
  EmbeddingClient& inner_;
  TranscriptWriter& writer_;
};

class ReplayChatClient final : public ChatClient {
 public:
  void Add(ChatExchange exchange) {
    MutexLock lock(mutex_);
    if (model_.empty()) model_ = exchange.reply.model;
    recorded_[std::move(exchange.request)].replies.push_back(std::move(exchange.reply));
  }

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    if (stop.stop_requested()) return Cancelled("stop requested");
    const std::string key = llm_internal::FormatRequest(request);
    MutexLock lock(mutex_);
    const auto it = recorded_.find(key);
    if (it == recorded_.end()) return NotFound("the transcript has no reply to " + key);
    auto& [replies, next] = it->second;
    const ChatReply& reply = replies[next];
    if (next + 1 < replies.size()) ++next;
    return reply;
  }

  // That of the first reply.
  std::string model() const override {
    MutexLock lock(mutex_);
    return model_;
  }

 private:
  struct Replies {
    std::vector<ChatReply> replies;
    std::size_t next = 0;
  };
  mutable Mutex mutex_;
  std::string model_ TWOHOP_GUARDED_BY(mutex_);
  std::map<std::string, Replies> recorded_ TWOHOP_GUARDED_BY(mutex_);
};

// Immutable once loaded.
class ReplayEmbeddingClient final : public EmbeddingClient {
 public:
  Status Add(EmbeddedText entry) {
    if (recorded_.empty()) {
      model_ = entry.model;
      dim_ = entry.vector.size();
    }
    if (entry.model != model_ || entry.vector.size() != dim_) {
      return DataLoss(fmt::format("a vector of {} with {} numbers among those of {} with {}",
                                  entry.model, entry.vector.size(), model_, dim_));
    }
    recorded_[std::move(entry.text)] = std::move(entry.vector);
    return Ok();
  }

  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) override {
    if (stop.stop_requested()) return Cancelled("stop requested");
    Embeddings rows(dim_);
    for (const std::string& text : texts) {
      const auto it = recorded_.find(text);
      if (it == recorded_.end())
        return NotFound("the transcript has no vector of \"" + text + "\"");
      rows.Append(it->second);
    }
    return rows;
  }

  std::string model() const override { return model_; }

 private:
  std::string model_;
  std::size_t dim_ = 0;
  std::map<std::string, std::vector<float>> recorded_;
};

}  // namespace

Result<std::unique_ptr<TranscriptWriter>> TranscriptWriter::Open(
    const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::app | std::ios::binary);
  if (!out) return Unavailable("cannot write " + file.string());
  return std::make_unique<FileTranscriptWriter>(std::move(out), file.string());
}

std::unique_ptr<ChatClient> MakeRecordingChatClient(ChatClient& inner, TranscriptWriter& writer) {
  return std::make_unique<RecordingChatClient>(inner, writer);
}

std::unique_ptr<EmbeddingClient> MakeRecordingEmbeddingClient(EmbeddingClient& inner,
                                                              TranscriptWriter& writer) {
  return std::make_unique<RecordingEmbeddingClient>(inner, writer);
}

Result<std::unique_ptr<ChatClient>> LoadReplayChatClient(const std::filesystem::path& file) {
  auto client = std::make_unique<ReplayChatClient>();
  TWOHOP_RETURN_IF_ERROR(
      ReadTranscript<ChatExchange>(file, &llm_internal::ParseExchange, [&](ChatExchange exchange) {
        client->Add(std::move(exchange));
        return Ok();
      }));
  return client;
}

Result<std::unique_ptr<EmbeddingClient>> LoadReplayEmbeddingClient(
    const std::filesystem::path& file) {
  auto client = std::make_unique<ReplayEmbeddingClient>();
  TWOHOP_RETURN_IF_ERROR(ReadTranscript<EmbeddedText>(
      file, &llm_internal::ParseEmbedding,
      [&](EmbeddedText entry) { return client->Add(std::move(entry)); }));
  return client;
}

}  // namespace twohop
