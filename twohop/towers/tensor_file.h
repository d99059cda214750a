// Named tensors on disk: the weights of a model and the state of a training run.

#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"

namespace twohop {

// float32, row-major, compact.
struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<float> data;  // As many values as the product of the shape.

  friend bool operator==(const Tensor&, const Tensor&) = default;
};

using TensorMap = std::map<std::string, Tensor>;

struct TensorFile {
  std::string metadata;  // The writer's own, not looked at here.
  TensorMap tensors;

  friend bool operator==(const TensorFile&, const TensorFile&) = default;
};

// "[3, 4]".
std::string ShapeToString(std::span<const std::size_t> shape);

// Changes whenever a tensor's name, shape or value changes.
std::uint64_t Fingerprint(const TensorMap& tensors);

// Replaces the file in one step. Layout: "twohop tensors\n", version (u32), then as BinaryWriter
// writes them: metadata, number of tensors, and of each in ascending order of names: name, rank,
// shape, values; at the end XXH3 of all before (u64).
//
// REQUIRES: the shapes fit the data.
// Errors: those of WriteFileAtomically.
Status SaveTensorFile(const std::filesystem::path& path, const TensorFile& file);

// Errors: kNotFound if there is no such file; kDataLoss if it is damaged, not a tensor file or
// holds a value that is not finite; kUnimplemented if a newer version wrote it.
Result<TensorFile> LoadTensorFile(const std::filesystem::path& path);

}  // namespace twohop
