// The file that the text vectors of a taxonomy's categories are kept in.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"

namespace twohop {

struct EmbeddingFile {
  Embeddings vectors;        // float32 [C, T], row i of CategoryIndex(i), every row of L2 norm 1.
  std::string encoder;       // The model that made them; vectors of two encoders do not mix.
  std::uint64_t source = 0;  // Fingerprint of what was embedded: Taxonomy::fingerprint().

  // Changes whenever a vector, the encoder or the source change.
  std::uint64_t fingerprint() const;
};

// Replaces the file in one step. Layout: "twohop embeddings\n", version (u32), then as BinaryWriter
// writes them: encoder, source, T, all components row by row; at the end XXH3 of all before (u64).
//
// Errors: kInvalidArgument if there is no vector or a component is not finite; those of
// WriteFileAtomically.
Status SaveEmbeddingFile(const std::filesystem::path& path, const EmbeddingFile& file);

// Errors: kNotFound if there is no such file; kDataLoss if it is damaged or not an embedding file;
// kUnimplemented if a newer version wrote it.
Result<EmbeddingFile> LoadEmbeddingFile(const std::filesystem::path& path);

}  // namespace twohop
