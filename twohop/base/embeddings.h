// Vectors in rows: the form in which embeddings travel between modules.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/base/check.h"

namespace twohop {

// Borrowed float32 [rows, dim], row-major, compact. Cheap to copy; must not outlive its data.
class EmbeddingsView {
 public:
  EmbeddingsView() = default;

  // REQUIRES: data.size() is rows * dim for some whole number of rows; dim > 0 or data is empty.
  EmbeddingsView(std::span<const float> data, std::size_t dim) : data_(data), dim_(dim) {
    TWOHOP_CHECK(dim == 0 ? data.empty() : data.size() % dim == 0);
  }

  std::size_t rows() const { return dim_ == 0 ? 0 : data_.size() / dim_; }
  std::size_t dim() const { return dim_; }
  std::span<const float> data() const { return data_; }
  std::span<const float> row(std::size_t i) const { return data_.subspan(i * dim_, dim_); }

 private:
  std::span<const float> data_;
  std::size_t dim_ = 0;
};

// Owned float32 [rows, dim], row-major, compact.
class Embeddings {
 public:
  Embeddings() = default;
  explicit Embeddings(std::size_t dim) : dim_(dim) {}
  // Zeros.
  Embeddings(std::size_t rows, std::size_t dim) : data_(rows * dim), dim_(dim) {}

  // REQUIRES: row.size() == dim(), or this is empty and was made without a dim: then it sets it.
  void Append(std::span<const float> row);

  std::size_t rows() const { return dim_ == 0 ? 0 : data_.size() / dim_; }
  std::size_t dim() const { return dim_; }
  std::span<const float> row(std::size_t i) const { return view().row(i); }
  std::span<float> mutable_row(std::size_t i) {
    return std::span<float>(data_).subspan(i * dim_, dim_);
  }
  std::span<const float> data() const { return data_; }
  std::span<float> mutable_data() { return data_; }
  EmbeddingsView view() const { return {data_, dim_}; }
  operator EmbeddingsView() const { return view(); }  // NOLINT: a view is the intended argument.

 private:
  std::vector<float> data_;
  std::size_t dim_ = 0;
};

// The inner product. REQUIRES: equal sizes.
float Dot(std::span<const float> a, std::span<const float> b);

// Scales to L2 norm 1; a vector of zeros stays as it is.
void NormalizeL2(std::span<float> vector);

bool AllFinite(std::span<const float> values);

}  // namespace twohop
