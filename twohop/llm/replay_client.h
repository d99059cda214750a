// Recording what models answered, and answering from the record: models for tests.
//
// A transcript is a JSONL file, a line for each exchange:
//   {"kind": "chat", "request": {...}, "reply": {...}}
//   {"kind": "embedding", "model": "...", "text": "...", "vector": [...]}
// The fields of request and reply are those of ChatRequest and ChatReply. A file may hold both
// kinds.

#pragma once

#include <filesystem>
#include <memory>

#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"

namespace twohop {

// Appends to one transcript; several clients may share it.
//
// Thread-safe.
class TranscriptWriter {
 public:
  // Creates the file if it is not there.
  //
  // Errors: as WriteFileAtomically.
  static Result<std::unique_ptr<TranscriptWriter>> Open(const std::filesystem::path& file);

  virtual ~TranscriptWriter() = default;

  virtual Status AppendLine(std::string line) = 0;
};

// Pass calls through to `inner` and record what succeeds. A reply that cannot be recorded is an
// error. The arguments must outlive the client.
std::unique_ptr<ChatClient> MakeRecordingChatClient(ChatClient& inner, TranscriptWriter& writer);
std::unique_ptr<EmbeddingClient> MakeRecordingEmbeddingClient(EmbeddingClient& inner,
                                                              TranscriptWriter& writer);

// Answer from a transcript, whose lines of the other kind they skip. A request that was recorded
// several times gets its replies in their order, and then the last one again and again. Calls fail
// with kNotFound, showing the request, if it was not recorded.
//
// Errors: kNotFound if there is no such file; kDataLoss, as "<file>:<line>: ...", if a line is not
// as above, or the vectors differ in length or model.
Result<std::unique_ptr<ChatClient>> LoadReplayChatClient(const std::filesystem::path& file);
Result<std::unique_ptr<EmbeddingClient>> LoadReplayEmbeddingClient(
    const std::filesystem::path& file);

}  // namespace twohop
