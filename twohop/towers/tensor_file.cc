#include "twohop/towers/tensor_file.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/binary.h"
#include "twohop/base/check.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/hash.h"
#include "twohop/towers/internal/checked_file.h"

namespace twohop {
namespace {

constexpr towers_internal::FileFormat kFormat{.magic = "twohop tensors\n", .version = 1};

// Divides instead of multiplying: damaged sizes must not overflow into a match.
bool Holds(std::span<const std::size_t> shape, std::size_t values) {
  std::size_t rest = values;
  for (const std::size_t size : shape) {
    if (size == 0 || rest % size != 0) return values == 0 && size == 0;
    rest /= size;
  }
  return rest == 1;
}

void WriteTensor(std::string_view name, const Tensor& tensor, BinaryWriter& out) {
  TWOHOP_CHECK(Holds(tensor.shape, tensor.data.size()));
  out.Bytes(name);
  out.Unsigned(tensor.shape.size());
  for (const std::size_t size : tensor.shape) out.Unsigned(size);
  out.Floats(tensor.data);
}

Status ReadTensor(BinaryReader& in, TensorMap& tensors) {
  std::string name(in.Bytes());
  Tensor tensor;
  tensor.shape.resize(in.Count());
  for (std::size_t& size : tensor.shape) size = in.Unsigned();
  tensor.data = in.Floats();
  if (in.failed()) return Ok();  // Finish() reports it.
  if (!Holds(tensor.shape, tensor.data.size())) {
    return DataLoss(fmt::format("tensor {} holds {} values, its shape is {}", name,
                                tensor.data.size(), ShapeToString(tensor.shape)));
  }
  if (!AllFinite(tensor.data)) {
    return DataLoss(fmt::format("tensor {} holds a value that is not finite", name));
  }
  tensors.insert_or_assign(std::move(name), std::move(tensor));
  return Ok();
}

Result<TensorFile> ParseTensorFile(std::string_view payload) {
  BinaryReader in(payload);
  TensorFile file;
  file.metadata = in.Bytes();
  const std::size_t count = in.Count();
  for (std::size_t i = 0; i < count; ++i) {
    TWOHOP_RETURN_IF_ERROR(ReadTensor(in, file.tensors));
  }
  TWOHOP_RETURN_IF_ERROR(in.Finish());
  return file;
}

}  // namespace

std::string ShapeToString(std::span<const std::size_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::uint64_t Fingerprint(const TensorMap& tensors) {
  Hasher hasher;
  for (const auto& [name, tensor] : tensors) {
    hasher.Add(name).Add(ShapeToString(tensor.shape));
    hasher.Add(std::string_view(reinterpret_cast<const char*>(tensor.data.data()),
                                tensor.data.size() * sizeof(float)));
  }
  return hasher.value();
}

Status SaveTensorFile(const std::filesystem::path& path, const TensorFile& file) {
  BinaryWriter out;
  out.Bytes(file.metadata);
  out.Unsigned(file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) WriteTensor(name, tensor, out);
  return towers_internal::WriteCheckedFile(path, kFormat, out.str());
}

Result<TensorFile> LoadTensorFile(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string payload,
                          towers_internal::ReadCheckedFile(path, kFormat));
  Result<TensorFile> file = ParseTensorFile(payload);
  if (!file.has_value()) return Annotate(file, path.string());
  return file;
}

}  // namespace twohop
