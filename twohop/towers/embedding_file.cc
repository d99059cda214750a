#include "twohop/towers/embedding_file.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/base/hash.h"
#include "twohop/towers/internal/checked_file.h"

namespace twohop {
namespace {

constexpr towers_internal::FileFormat kFormat{.magic = "twohop embeddings\n", .version = 1};

std::string_view AsBytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

std::uint64_t EmbeddingFile::fingerprint() const {
  return Hasher().Add(encoder).Add(source).Add(vectors.dim()).Add(AsBytes(vectors.data())).value();
}

Status SaveEmbeddingFile(const std::filesystem::path& path, const EmbeddingFile& file) {
  if (file.vectors.rows() == 0) {
    return InvalidArgument(fmt::format("no vectors to write to {}", path.string()));
  }
  if (!AllFinite(file.vectors.data())) {
    return InvalidArgument(fmt::format("vectors for {} are not finite", path.string()));
  }
  BinaryWriter out;
  out.Bytes(file.encoder);
  out.Unsigned(file.source);
  out.Unsigned(file.vectors.dim());
  out.Floats(file.vectors.data());
  return towers_internal::WriteCheckedFile(path, kFormat, out.str());
}

Result<EmbeddingFile> LoadEmbeddingFile(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string payload,
                          towers_internal::ReadCheckedFile(path, kFormat));
  BinaryReader in(payload);
  EmbeddingFile file;
  file.encoder = in.Bytes();
  file.source = in.Unsigned();
  const std::size_t dim = in.Unsigned();
  const std::vector<float> values = in.Floats();
  if (const Status end = in.Finish(); !end.has_value()) return Annotate(end, path.string());
  if (dim == 0 || values.empty() || values.size() % dim != 0 || !AllFinite(values)) {
    return DataLoss(fmt::format("{} holds {} values, which are no vectors of {} components",
                                path.string(), values.size(), dim));
  }
  file.vectors = Embeddings(values.size() / dim, dim);
  std::ranges::copy(values, file.vectors.mutable_data().begin());
  return file;
}

}  // namespace twohop
