// A second guard against sensitive inferences: by meaning, where the blocklist knows words.

#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/llm/embedding_client.h"

namespace twohop {

// Descriptions that belong together.
struct SensitiveTheme {
  std::string name;
  bool harmless = false;  // A neighbour that sounds alike and is none.
  std::vector<std::string> descriptions;

  friend bool operator==(const SensitiveTheme&, const SensitiveTheme&) = default;
};

// Themes as prompts/sensitive.v1.txt writes them: "=== sensitive: <theme>" or "=== harmless:
// <theme>", then a description a line; empty lines and lines that begin with "#" do not count.
//
// Errors: kInvalidArgument, naming the line, if a line stands before the first theme, a marker is
// another one or a theme is empty; if the text is not valid UTF-8; if either kind is missing.
Result<std::vector<SensitiveTheme>> ParseSensitiveThemes(std::string_view text);

// Reads sensitive.v1.txt of `folder`.
//
// Errors: kNotFound if there is no such file; kUnavailable if it cannot be read; those of Parse.
Result<std::vector<SensitiveTheme>> LoadSensitiveThemes(const std::filesystem::path& folder);

struct SensitiveOptions {
  // A text is sensitive from this cosine with a sensitive description on, if no harmless one is
  // nearly as near. Calibrated with all-MiniLM-L6-v2 (`twohop safety guard`): the best recall on
  // the calibration half of data/safety/sensitive_phrases.jsonl that blocks no more than 0.5 % of
  // the demo's searches and demands. Other embedding models need another value.
  float min_similarity = 0.4F;
  // By so much must the sensitive description be nearer than every harmless one.
  float margin = 0.05F;
};

// How near a text is to both kinds. Cosines; larger is nearer.
struct SensitiveNearness {
  float sensitive = -1.0F;
  float harmless = -1.0F;
  std::size_t theme = 0;  // Of the nearest sensitive description; position among the themes.
};

// Judges texts by the description that is nearest.
//
// Immutable. Thread-safe.
class SensitiveDemands {
 public:
  // Embeds all descriptions, in one call of `embedder`.
  //
  // Errors: those of EmbeddingClient::Embed; kInvalidArgument if a kind is missing.
  static Result<SensitiveDemands> Build(const std::vector<SensitiveTheme>& themes,
                                        EmbeddingClient& embedder, const SensitiveOptions& options,
                                        std::stop_token stop);

  // `vector` is of the same embedding model: [dim()], L2 norm 1. Takes some 200 * dim()
  // multiplications.
  SensitiveNearness Measure(std::span<const float> vector) const;
  bool IsSensitive(std::span<const float> vector) const;

  std::size_t dim() const { return vectors_.dim(); }

 private:
  struct Description {
    std::size_t theme = 0;
    bool harmless = false;
  };

  SensitiveDemands(std::vector<Description> descriptions, Embeddings vectors,
                   const SensitiveOptions& options)
      : descriptions_(std::move(descriptions)), vectors_(std::move(vectors)), options_(options) {}

  std::vector<Description> descriptions_;
  Embeddings vectors_;  // [descriptions_.size(), dim]
  SensitiveOptions options_;
};

}  // namespace twohop
