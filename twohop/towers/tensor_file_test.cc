#include "twohop/towers/tensor_file.h"

#include <limits>

#include <gtest/gtest.h>

#include "twohop/base/binary.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/internal/checked_file.h"

namespace twohop {
namespace {

class TensorFileTest : public testing::Test {
 protected:
  static TensorFile MatrixAndBias() {
    return {.metadata = "{\"epoch\":1}",
            .tensors = {{"bias", {{2}, {0.5F, -1.0F}}},
                        {"weight", {{2, 3}, {1, 2, 3, 4, 5, 6}}},
                        {"none", {{0, 3}, {}}},
                        {"scalar", {{}, {3.0F}}}}};
  }

  // A file that is whole, but whose only tensor has this shape and these values.
  void WriteTensorOf(std::vector<std::size_t> shape, std::vector<float> values) {
    BinaryWriter out;
    out.Bytes("");
    out.Unsigned(1);
    out.Bytes("weight");
    out.Unsigned(shape.size());
    for (const std::size_t size : shape) out.Unsigned(size);
    out.Floats(values);
    WritePayload(out.str());
  }

  void WritePayload(std::string_view payload) {
    ASSERT_THAT(towers_internal::WriteCheckedFile(path_, {.magic = "twohop tensors\n"}, payload),
                IsOk());
  }

  TempDir dir_;
  std::filesystem::path path_ = dir_.path() / "weights.bin";
};

TEST_F(TensorFileTest, TensorsOfAllRanksComeBack) {
  ASSERT_THAT(SaveTensorFile(path_, MatrixAndBias()), IsOk());
  ASSERT_OK_AND_ASSIGN(const TensorFile loaded, LoadTensorFile(path_));
  EXPECT_EQ(loaded, MatrixAndBias());
}

TEST_F(TensorFileTest, FingerprintTellsShapesAndValuesApart) {
  TensorFile reshaped = MatrixAndBias();
  reshaped.tensors["weight"].shape = {3, 2};
  TensorFile changed = MatrixAndBias();
  changed.tensors["weight"].data[5] = 7;
  EXPECT_EQ(Fingerprint(MatrixAndBias().tensors), Fingerprint(MatrixAndBias().tensors));
  EXPECT_NE(Fingerprint(MatrixAndBias().tensors), Fingerprint(reshaped.tensors));
  EXPECT_NE(Fingerprint(MatrixAndBias().tensors), Fingerprint(changed.tensors));
}

TEST_F(TensorFileTest, MissingFileIsNotFound) {
  EXPECT_THAT(LoadTensorFile(path_), FailsWith(ErrorCode::kNotFound, "weights.bin"));
}

TEST_F(TensorFileTest, AShapeThatDoesNotFitIsDataLossAndNamesTheTensor) {
  WriteTensorOf({2, 2}, {1, 2, 3});
  EXPECT_THAT(LoadTensorFile(path_), FailsWith(ErrorCode::kDataLoss, "tensor weight"));
}

TEST_F(TensorFileTest, AShapeWhoseProductOverflowsIsDataLoss) {
  WriteTensorOf({std::size_t{1} << 63U, 2}, {});
  EXPECT_THAT(LoadTensorFile(path_), FailsWith(ErrorCode::kDataLoss, "tensor weight"));
}

TEST_F(TensorFileTest, AValueThatIsNotFiniteIsDataLoss) {
  WriteTensorOf({2}, {1, std::numeric_limits<float>::infinity()});
  EXPECT_THAT(LoadTensorFile(path_), FailsWith(ErrorCode::kDataLoss, "not finite"));
}

TEST_F(TensorFileTest, ARecordThatEndsEarlyIsDataLoss) {
  WritePayload(std::string("\0\5\1a", 4));
  EXPECT_THAT(LoadTensorFile(path_), FailsWith(ErrorCode::kDataLoss, "damaged"));
}

}  // namespace
}  // namespace twohop
