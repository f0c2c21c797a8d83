#include "core/expression_compare.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/check.h"
#include "core/expression_range.h"
#include "core/expression_values.h"
#include "core/range_flags.h"

namespace onrush::expression {
namespace {

using Op = Expr::Op;

// A column of numbers, bools or timestamps against a literal.
template <typename T>
class RangeMask final : public Mask {
 public:
  RangeMask(size_t column, Range<T> range) : column_(column), range_(range) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    const Column& column = chunk.batch.columns[column_];
    const T* values = ColumnData<T>(column) + chunk.begin;
    const uint8_t* nulls = column.nulls.data() + chunk.begin;
    const Range<T> range = range_;
    if constexpr (std::is_same_v<T, int64_t>) {
      FlagRange(values, nulls, chunk.count, range.low, range.high, range.outside, out);
    } else {
      for (size_t i = 0; i < chunk.count; ++i) {
        const bool inside = (values[i] >= range.low) & (values[i] <= range.high);
        out[i] = static_cast<uint8_t>((inside != range.outside) & (nulls[i] == 0));
      }
    }
  }

 private:
  size_t column_;
  Range<T> range_;
};

// A string column against a literal.
class TextEqualsMask final : public Mask {
 public:
  TextEqualsMask(size_t column, std::string text, bool want_equal)
      : column_(column), text_(std::move(text)), want_equal_(want_equal) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    const Column& column = chunk.batch.columns[column_];
    const std::string_view* values = column.strings.data() + chunk.begin;
    const uint8_t* nulls = column.nulls.data() + chunk.begin;
    const uint8_t* bad = chunk.bad();
    const std::string_view text = text_;
    for (size_t i = 0; i < chunk.count; ++i) {
      if ((nulls[i] | bad[i]) != 0) {
        out[i] = 0;
      } else {
        const bool equal = values[i].size() == text.size() &&
                           std::memcmp(values[i].data(), text.data(), text.size()) == 0;
        out[i] = equal == want_equal_;
      }
    }
  }

 private:
  size_t column_;
  std::string text_;
  bool want_equal_;
};

// Which outcomes of a comparison make it true.
struct Accepted {
  explicit Accepted(Op op)
      : less(op == Op::kLess || op == Op::kLessEqual || op == Op::kNotEqual),
        equal(op == Op::kEqual || op == Op::kLessEqual || op == Op::kGreaterEqual),
        greater(op == Op::kGreater || op == Op::kGreaterEqual || op == Op::kNotEqual) {}
  uint8_t less;
  uint8_t equal;
  uint8_t greater;
};

// Compares a · left_factor with b · right_factor.
class CompareScaled {
 public:
  CompareScaled(int left_scale, int right_scale)
      : left_factor_(PowerOfTen(std::max(right_scale - left_scale, 0))),
        right_factor_(PowerOfTen(std::max(left_scale - right_scale, 0))) {}

  // One factor is 1. If the other product leaves 128 bits, its sign decides.
  int operator()(Int128 a, Int128 b) const {
    Int128 left = 0;
    Int128 right = 0;
    if (__builtin_mul_overflow(a, left_factor_, &left)) return a < 0 ? -1 : 1;
    if (__builtin_mul_overflow(b, right_factor_, &right)) return b < 0 ? 1 : -1;
    return (left > right) - (left < right);
  }

 private:
  Int128 left_factor_;
  Int128 right_factor_;
};

struct CompareDirectly {
  template <typename T>
  int operator()(T a, T b) const {
    return (a > b) - (a < b);
  }
  int operator()(std::string_view a, std::string_view b) const { return a.compare(b); }
  int operator()(const Rational& a, const Rational& b) const { return Compare(a, b); }
};

template <typename A, typename B, typename Comparer>
class CompareMask final : public Mask {
 public:
  CompareMask(Op op, std::unique_ptr<Values<A>> left, std::unique_ptr<Values<B>> right,
              Comparer comparer)
      : left_(std::move(left)), right_(std::move(right)), accepted_(op), comparer_(comparer) {}

  void Run(const Chunk& chunk, uint8_t* out) override {
    left_->Run(chunk);
    right_->Run(chunk);
    const A* left = left_->values();
    const B* right = right_->values();
    const uint8_t* left_nulls = left_->nulls();
    const uint8_t* right_nulls = right_->nulls();
    for (size_t i = 0; i < chunk.count; ++i) {
      out[i] = static_cast<uint8_t>(1 ^ (left_nulls[i] | right_nulls[i]));
    }
    if constexpr (std::is_same_v<A, std::string_view>) {
      for (size_t i = 0; i < chunk.count; ++i) out[i] &= static_cast<uint8_t>(1 ^ chunk.bad()[i]);
    }
    if constexpr (std::is_arithmetic_v<A> && std::is_same_v<Comparer, CompareDirectly>) {
      CompareAll(chunk, left, right, out);
    } else {
      CompareSome(chunk, left, right, out);
    }
  }

 private:
  // Without branches.
  void CompareAll(const Chunk& chunk, const A* left, const B* right, uint8_t* out) const {
    const Accepted accepted = accepted_;
    for (size_t i = 0; i < chunk.count; ++i) {
      const uint8_t less = left[i] < right[i];
      const uint8_t greater = left[i] > right[i];
      const uint8_t equal = left[i] == right[i];
      out[i] &= (less & accepted.less) | (equal & accepted.equal) | (greater & accepted.greater);
    }
  }

  // Only rows whose operands exist.
  void CompareSome(const Chunk& chunk, const A* left, const B* right, uint8_t* out) const {
    for (size_t i = 0; i < chunk.count; ++i) {
      if (out[i] == 0) continue;
      const int order = comparer_(left[i], right[i]);
      out[i] = order < 0 ? accepted_.less : (order > 0 ? accepted_.greater : accepted_.equal);
    }
  }

  std::unique_ptr<Values<A>> left_;
  std::unique_ptr<Values<B>> right_;
  Accepted accepted_;
  Comparer comparer_;
};

template <typename T>
std::unique_ptr<Mask> CompareUniform(Op op, std::unique_ptr<Values<T>> left,
                                     std::unique_ptr<Values<T>> right) {
  return std::make_unique<CompareMask<T, T, CompareDirectly>>(op, std::move(left), std::move(right),
                                                              CompareDirectly());
}

std::unique_ptr<Mask> CompareExact(Op op, const Expr& left, const Expr& right) {
  if (left.type.scale == kFractionScale || right.type.scale == kFractionScale) {
    return CompareUniform(op, BuildRational(left), BuildRational(right));
  }
  ExactNode left_node = BuildExact(left);
  ExactNode right_node = BuildExact(right);
  return std::visit(
      [&](auto& a, auto& b) -> std::unique_ptr<Mask> {
        using A = ValueOf<decltype(a)>;
        using B = ValueOf<decltype(b)>;
        if constexpr (std::is_same_v<A, Rational> || std::is_same_v<B, Rational>) {
          ONRUSH_CHECK(false);
        } else {
          if constexpr (std::is_same_v<A, int64_t> && std::is_same_v<B, int64_t>) {
            if (left_node.scale == right_node.scale) {
              return CompareUniform(op, std::move(a), std::move(b));
            }
          }
          return std::make_unique<CompareMask<A, B, CompareScaled>>(
              op, std::move(a), std::move(b), CompareScaled(left_node.scale, right_node.scale));
        }
      },
      left_node.values, right_node.values);
}

Op Mirrored(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

bool IsLiteral(const Expr& expr) {
  return expr.op == Op::kNumber || expr.op == Op::kString || expr.op == Op::kTimestamp ||
         expr.op == Op::kBool;
}

// The fast loops for a column against a literal, or null where there is none.
std::unique_ptr<Mask> CompareColumn(Op op, const Expr& column, const Expr& literal) {
  if (column.op != Op::kColumn || !IsLiteral(literal)) return nullptr;
  if (column.type.kind == TypeKind::kFloat) {
    return std::make_unique<RangeMask<double>>(column.column, RangeOf(op, NumberAsDouble(literal)));
  }
  if (column.type.kind != TypeKind::kString) {
    const Threshold threshold = ThresholdOf(literal, column.type.scale);
    return std::make_unique<RangeMask<int64_t>>(column.column, RangeOf(op, threshold));
  }
  if (op != Op::kEqual && op != Op::kNotEqual) return nullptr;
  return std::make_unique<TextEqualsMask>(column.column, literal.text, op == Op::kEqual);
}

}  // namespace

std::unique_ptr<Mask> BuildComparison(Op op, const Expr& left, const Expr& right) {
  if (auto mask = CompareColumn(op, left, right)) return mask;
  if (auto mask = CompareColumn(Mirrored(op), right, left)) return mask;
  if (left.type.kind == TypeKind::kFloat || right.type.kind == TypeKind::kFloat) {
    return CompareUniform(op, BuildDouble(left), BuildDouble(right));
  }
  if (IsExactNumber(left.type)) return CompareExact(op, left, right);
  if (left.type.kind == TypeKind::kString) {
    return CompareUniform(op, BuildString(left), BuildString(right));
  }
  return CompareUniform(op, BuildInts(left), BuildInts(right));
}

}  // namespace onrush::expression
