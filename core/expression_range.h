// Comparisons of a 64-bit column with a literal as ranges of its values.
#pragma once

#include <cstdint>

#include "core/expression.h"
#include "core/int128.h"

namespace onrush::expression {

// The values v with low ≤ v ≤ high, or, if `outside`, all others. Never low > high.
template <typename T>
struct Range {
  T low = 0;
  T high = 0;
  bool outside = false;
};

// A literal in units of a column's 10^-scale: rounded down, and whether that left it as it was.
struct Threshold {
  Int128 floor = 0;
  bool exact = true;
};

// Requires: `literal` is a number, a bool or a timestamp.
Threshold ThresholdOf(const Expr& literal, int scale);

// The values for which `value op threshold` is true. Requires: op is a comparison.
Range<int64_t> RangeOf(Expr::Op op, const Threshold& threshold);
Range<double> RangeOf(Expr::Op op, double threshold);

}  // namespace onrush::expression
