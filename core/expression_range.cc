#include "core/expression_range.h"

#include <algorithm>
#include <limits>

#include "core/expression_values.h"

namespace onrush::expression {
namespace {

using Op = Expr::Op;

Range<int64_t> ClampedRange(Int128 low, Int128 high, bool outside) {
  // No value at all is the opposite of every value.
  if (low > high || low > INT64_MAX || high < INT64_MIN) return {INT64_MIN, INT64_MAX, !outside};
  return {static_cast<int64_t>(std::max<Int128>(low, INT64_MIN)),
          static_cast<int64_t>(std::min<Int128>(high, INT64_MAX)), outside};
}

}  // namespace

Threshold ThresholdOf(const Expr& literal, int scale) {
  const int digits = scale - literal.type.scale;
  Threshold threshold;
  if (digits >= 0) {
    if (__builtin_mul_overflow(literal.mantissa, PowerOfTen(digits), &threshold.floor)) {
      // Beyond every value of a column is as good as far beyond.
      threshold.floor = literal.mantissa < 0 ? -(Int128{1} << 100) : Int128{1} << 100;
    }
    return threshold;
  }
  const Int128 power = PowerOfTen(-digits);
  const Int128 rest = literal.mantissa % power;
  threshold.exact = rest == 0;
  threshold.floor = literal.mantissa / power - (rest < 0 ? 1 : 0);
  return threshold;
}

Range<int64_t> RangeOf(Op op, const Threshold& threshold) {
  const Int128 below = threshold.exact ? threshold.floor - 1 : threshold.floor;
  const Int128 above = threshold.floor + 1;
  switch (op) {
    case Op::kLess:
      return ClampedRange(INT64_MIN, below, false);
    case Op::kLessEqual:
      return ClampedRange(INT64_MIN, threshold.floor, false);
    case Op::kGreater:
      return ClampedRange(above, INT64_MAX, false);
    case Op::kGreaterEqual:
      return ClampedRange(below + 1, INT64_MAX, false);
    default:
      // Strictly between the neighbours: nothing if the literal is no multiple of the unit.
      return ClampedRange(below + 1, above - 1, op == Op::kNotEqual);
  }
}

Range<double> RangeOf(Op op, double threshold) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (op) {
    case Op::kLess:
      return {threshold, kInfinity, true};
    case Op::kLessEqual:
      return {-kInfinity, threshold, false};
    case Op::kGreater:
      return {-kInfinity, threshold, true};
    case Op::kGreaterEqual:
      return {threshold, kInfinity, false};
    default:
      return {threshold, threshold, op == Op::kNotEqual};
  }
}

}  // namespace onrush::expression
