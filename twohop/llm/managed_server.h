// A model server that this process starts, watches and ends.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/endpoint.h"

namespace twohop {

enum class ServedTask : std::uint8_t { kChat, kEmbedding };

struct ManagedServerOptions {
  std::filesystem::path python;    // Interpreter of the environment that scripts/setup makes.
  std::filesystem::path script;    // python/llm_server.py.
  std::filesystem::path model;     // GGUF.
  std::filesystem::path adapter;   // LoRA adapter as GGUF, chat only; empty: none.
  std::filesystem::path log_file;  // What the server says; emptied at the start.
  std::string model_name;          // In requests and replies; empty: the model file's stem.
  ServedTask task = ServedTask::kChat;

  std::uint32_t slots = 4;  // Requests worked on at a time; each has a context of its own.
  // Tokens of prompt and reply together; 0: 2048 for chat, 512 for embeddings.
  std::uint32_t context_per_slot = 0;
  std::uint32_t threads = 0;  // Of computation; 0: one per core. More than free cores is slower.

  Milliseconds start_timeout{60'000};  // Real time, whatever the clock says.
  // In a row; a server that has run for a minute starts a new count.
  std::size_t max_restarts = 5;
  Milliseconds restart_backoff{500};  // Before the first restart; doubles up to 30 s.
  Milliseconds stop_grace{3'000};     // After closing its stdin, and again after SIGTERM.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// A local server (llama.cpp's, in a Python process) on a unix socket in a private folder.
//
// While this object lives, the server is restarted on the same socket whenever its process ends, so
// clients of endpoint() need only retry. It ends with this object, and with this process however
// that ends. A server that hangs without ending is not restarted; its clients time out.
//
// Thread-safe.
class ManagedServer {
 public:
  // Blocks until the server has answered a first request, some seconds. `clock` must outlive it.
  //
  // Errors: those of Validate; kFailedPrecondition if interpreter, script, model or adapter are not
  // there, or if the process ends at once, with the last it said; kDeadlineExceeded if it is not
  // ready within start_timeout; kCancelled; kUnavailable if no process or socket can be
  // made or the first request fails.
  static Result<std::unique_ptr<ManagedServer>> Start(ManagedServerOptions options,
                                                      const Clock& clock, std::stop_token stop);

  virtual ~ManagedServer() = default;

  // How to reach it, for MakeOpenAi…Client: socket, model, adapter, concurrency, longest text.
  virtual Endpoint endpoint() const = 0;

  // Of the process that serves now, or served last.
  virtual int pid() const = 0;

  // Since Start.
  virtual std::size_t restarts() const = 0;

  // Errors: kUnavailable if the server ended and max_restarts attempts did not bring it back.
  virtual Status status() const = 0;
};

}  // namespace twohop
