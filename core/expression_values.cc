#include "core/expression_values.h"

#include <string>
#include <type_traits>
#include <utility>

#include "core/check.h"
#include "core/expression_arithmetic.h"
#include "core/expression_masks.h"

namespace onrush::expression {
namespace {

using Op = Expr::Op;

template <typename T>
class ColumnValues final : public Values<T> {
 public:
  explicit ColumnValues(size_t column) : column_(column) {}
  void Run(const Chunk& chunk) override {
    const Column& column = chunk.batch.columns[column_];
    this->values_ = ColumnData<T>(column) + chunk.begin;
    this->nulls_ = column.nulls.data() + chunk.begin;
  }

 private:
  size_t column_;
};

template <typename T>
class LiteralValues final : public ComputedValues<T> {
 public:
  explicit LiteralValues(T value) { this->results_.fill(value); }
  void Run(const Chunk&) override {}
};

class LiteralString final : public ComputedValues<std::string_view> {
 public:
  explicit LiteralString(std::string text) : text_(std::move(text)) { results_.fill(text_); }
  void Run(const Chunk&) override {}

 private:
  std::string text_;
};

// A condition as 0 and 1.
class MaskValues final : public ComputedValues<int64_t> {
 public:
  explicit MaskValues(std::unique_ptr<Mask> mask) : mask_(std::move(mask)) {}
  void Run(const Chunk& chunk) override {
    mask_->Run(chunk, bytes_.data());
    for (size_t i = 0; i < chunk.count; ++i) results_[i] = bytes_[i];
  }

 private:
  std::unique_ptr<Mask> mask_;
  std::array<uint8_t, kChunkRows> bytes_ = {};
};

ExactNode Literal(Int128 mantissa, int scale) {
  if (mantissa >= INT64_MIN && mantissa <= INT64_MAX) {
    return {std::make_unique<LiteralValues<int64_t>>(static_cast<int64_t>(mantissa)), scale};
  }
  return {std::make_unique<LiteralValues<Int128>>(mantissa), scale};
}

template <Op op>
ExactNode BuildBinary(ExactNode left, ExactNode right, int scale) {
  return std::visit(
      [&](auto& a, auto& b) -> ExactNode {
        using A = ValueOf<decltype(a)>;
        using B = ValueOf<decltype(b)>;
        if constexpr (std::is_same_v<A, Rational> || std::is_same_v<B, Rational>) {
          ONRUSH_CHECK(false);
        } else {
          return {std::make_unique<BinaryValues<op, A, B, Int128>>(std::move(a), std::move(b)),
                  scale};
        }
      },
      left.values, right.values);
}

template <Op op>
ExactNode BuildSum(ExactNode left, ExactNode right, int scale) {
  if (left.scale == right.scale) return BuildBinary<op>(std::move(left), std::move(right), scale);
  return std::visit(
      [&](auto& a, auto& b) -> ExactNode {
        using A = ValueOf<decltype(a)>;
        using B = ValueOf<decltype(b)>;
        if constexpr (std::is_same_v<A, Rational> || std::is_same_v<B, Rational>) {
          ONRUSH_CHECK(false);
        } else {
          return {std::make_unique<ScaledSum<op, A, B>>(std::move(a), scale - left.scale,
                                                        std::move(b), scale - right.scale),
                  scale};
        }
      },
      left.values, right.values);
}

template <typename T>
std::unique_ptr<Values<T>> BuildUniform(Op op, std::unique_ptr<Values<T>> left,
                                        std::unique_ptr<Values<T>> right) {
  switch (op) {
    case Op::kAdd:
      return std::make_unique<BinaryValues<Op::kAdd, T, T, T>>(std::move(left), std::move(right));
    case Op::kSubtract:
      return std::make_unique<BinaryValues<Op::kSubtract, T, T, T>>(std::move(left),
                                                                    std::move(right));
    case Op::kMultiply:
      return std::make_unique<BinaryValues<Op::kMultiply, T, T, T>>(std::move(left),
                                                                    std::move(right));
    default:
      return std::make_unique<BinaryValues<Op::kDivide, T, T, T>>(std::move(left),
                                                                  std::move(right));
  }
}

Expr Zero() {
  Expr zero;
  zero.op = Op::kNumber;
  zero.type = {TypeKind::kInt, 0};
  return zero;
}

std::unique_ptr<Values<Rational>> BuildFraction(const Expr& expr) {
  if (expr.op == Op::kNegate) {
    return BuildUniform(Op::kSubtract, BuildRational(Zero()), BuildRational(expr.operands[0]));
  }
  return BuildUniform(expr.op, BuildRational(expr.operands[0]), BuildRational(expr.operands[1]));
}

}  // namespace

Int128 PowerOfTen(int exponent) {
  ONRUSH_DCHECK(exponent >= 0 && exponent <= kMaxExprScale);
  if (exponent <= kMaxDecimalScale) return kPowersOfTen[exponent];
  return Int128{kPowersOfTen[kMaxDecimalScale]} * kPowersOfTen[exponent - kMaxDecimalScale];
}

Rational NumberAsRational(const Expr& number) {
  return {number.mantissa, PowerOfTen(number.type.scale)};
}

double NumberAsDouble(const Expr& number) { return ToDouble(number.type.scale)(number.mantissa); }

ExactNode BuildExact(const Expr& expr) {
  ONRUSH_CHECK(IsExactNumber(expr.type));
  const int scale = expr.type.scale;
  if (scale == kFractionScale) return {BuildFraction(expr), 0};
  switch (expr.op) {
    case Op::kColumn:
      return {std::make_unique<ColumnValues<int64_t>>(expr.column), scale};
    case Op::kNumber:
      return Literal(expr.mantissa, scale);
    case Op::kNegate:
      return BuildSum<Op::kSubtract>(Literal(0, scale), BuildExact(expr.operands[0]), scale);
    case Op::kMultiply:
      return BuildBinary<Op::kMultiply>(BuildExact(expr.operands[0]), BuildExact(expr.operands[1]),
                                        scale);
    case Op::kAdd:
      return BuildSum<Op::kAdd>(BuildExact(expr.operands[0]), BuildExact(expr.operands[1]), scale);
    default:
      return BuildSum<Op::kSubtract>(BuildExact(expr.operands[0]), BuildExact(expr.operands[1]),
                                     scale);
  }
}

std::unique_ptr<Values<Rational>> BuildRational(const Expr& expr) {
  if (expr.op == Op::kNumber) {
    return std::make_unique<LiteralValues<Rational>>(NumberAsRational(expr));
  }
  ExactNode node = BuildExact(expr);
  return std::visit(
      [&](auto& values) -> std::unique_ptr<Values<Rational>> {
        using T = ValueOf<decltype(values)>;
        if constexpr (std::is_same_v<T, Rational>) {
          return std::move(values);
        } else {
          return std::make_unique<Fractions<T>>(std::move(values), node.scale);
        }
      },
      node.values);
}

std::unique_ptr<Values<double>> BuildDouble(const Expr& expr) {
  if (expr.op == Op::kNumber) {
    return std::make_unique<LiteralValues<double>>(NumberAsDouble(expr));
  }
  if (expr.type.kind != TypeKind::kFloat) {
    ExactNode node = BuildExact(expr);
    return std::visit(
        [&](auto& values) -> std::unique_ptr<Values<double>> {
          using T = ValueOf<decltype(values)>;
          return std::make_unique<NearestDoubles<T>>(std::move(values), node.scale);
        },
        node.values);
  }
  if (expr.op == Op::kColumn) return std::make_unique<ColumnValues<double>>(expr.column);
  if (expr.op == Op::kNegate) {
    return BuildUniform(Op::kSubtract, BuildDouble(Zero()), BuildDouble(expr.operands[0]));
  }
  return BuildUniform(expr.op, BuildDouble(expr.operands[0]), BuildDouble(expr.operands[1]));
}

std::unique_ptr<Values<std::string_view>> BuildString(const Expr& expr) {
  if (expr.op == Op::kString) return std::make_unique<LiteralString>(expr.text);
  ONRUSH_CHECK(expr.op == Op::kColumn);
  return std::make_unique<ColumnValues<std::string_view>>(expr.column);
}

std::unique_ptr<Values<int64_t>> BuildInts(const Expr& expr) {
  if (expr.op == Op::kColumn) return std::make_unique<ColumnValues<int64_t>>(expr.column);
  if (expr.op == Op::kTimestamp) {
    return std::make_unique<LiteralValues<int64_t>>(static_cast<int64_t>(expr.mantissa));
  }
  return std::make_unique<MaskValues>(BuildMask(expr));
}

std::unique_ptr<Operand> BuildOperand(const Expr& expr) {
  switch (expr.type.kind) {
    case TypeKind::kInt:
    case TypeKind::kDecimal:
      return std::visit([](auto&& values) -> std::unique_ptr<Operand> { return std::move(values); },
                        BuildExact(expr).values);
    case TypeKind::kFloat:
      return BuildDouble(expr);
    case TypeKind::kString:
      return BuildString(expr);
    case TypeKind::kBool:
    case TypeKind::kTimestamp:
      return BuildInts(expr);
  }
  ONRUSH_CHECK(false);
}

}  // namespace onrush::expression
