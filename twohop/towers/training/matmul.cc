#include "twohop/towers/training/matmul.h"

namespace twohop::towers_internal {
namespace {

torch::Tensor Product(const torch::Tensor& a, const torch::Tensor& b) {
  if (!at::globalContext().hasMKLDNN()) return torch::mm(a, b.t());
  return at::mkldnn_linear(a.contiguous().to_mkldnn(), b.contiguous(), torch::Tensor()).to_dense();
}

class ProductFunction : public torch::autograd::Function<ProductFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& a,
                               const torch::Tensor& b) {
    context->save_for_backward({a, b});
    return Product(a, b);
  }

  // With y = a bᵀ: da = dy b, db = dyᵀ a.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const torch::Tensor& gradient = gradients[0];
    torch::autograd::variable_list result(2);
    if (context->needs_input_grad(0)) result[0] = Product(gradient, saved[1].t());
    if (context->needs_input_grad(1)) result[1] = Product(gradient.t(), saved[0].t());
    return result;
  }
};

}  // namespace

torch::Tensor MatMulTransposed(const torch::Tensor& a, const torch::Tensor& b) {
  return ProductFunction::apply(a, b);
}

}  // namespace twohop::towers_internal
