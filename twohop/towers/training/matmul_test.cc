#include "twohop/towers/training/matmul.h"

#include <gtest/gtest.h>

namespace twohop::towers_internal {
namespace {

struct Gradients {
  torch::Tensor product, a, b;
};

template <typename Product>
Gradients GradientsOf(const torch::Tensor& a, const torch::Tensor& b, Product product) {
  const torch::Tensor left = a.clone().set_requires_grad(true);
  const torch::Tensor right = b.clone().set_requires_grad(true);
  const torch::Tensor result = product(left, right);
  result.square().sum().backward();
  return {result.detach(), left.grad(), right.grad()};
}

TEST(MatMulTransposedTest, ValuesAndGradientsEqualThoseOfLibtorch) {
  torch::manual_seed(1);
  const torch::Tensor a = torch::randn({37, 20});
  const torch::Tensor b = torch::randn({11, 20});
  const Gradients ours = GradientsOf(a, b, MatMulTransposed);
  const Gradients theirs = GradientsOf(
      a, b, [](const torch::Tensor& x, const torch::Tensor& y) { return torch::mm(x, y.t()); });
  EXPECT_TRUE(torch::allclose(ours.product, theirs.product, 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(ours.a, theirs.a, 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(ours.b, theirs.b, 1e-4, 1e-4));
}

TEST(MatMulTransposedTest, TakesViewsThatAreNotContiguous) {
  const torch::Tensor wide = torch::randn({5, 8});
  const torch::Tensor a = wide.narrow(1, 0, 3);
  const torch::Tensor b = torch::randn({3, 4}).t();
  EXPECT_TRUE(torch::allclose(MatMulTransposed(a, b), torch::mm(a, b.t()), 1e-4, 1e-4));
}

}  // namespace
}  // namespace twohop::towers_internal
