// The loops of arithmetic and of conversions between kinds of numbers.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "core/expression.h"
#include "core/expression_nodes.h"
#include "core/expression_values.h"
#include "core/int128.h"
#include "core/rational.h"

namespace onrush::expression {

// One arithmetic operator for each representation. Apply() returns false where the result does not
// fit, and is not called for a division by zero.
template <Expr::Op op>
struct Arithmetic {
  static bool Apply(Int128 a, Int128 b, Int128& out) {
    if constexpr (op == Expr::Op::kAdd) return !__builtin_add_overflow(a, b, &out);
    if constexpr (op == Expr::Op::kSubtract) return !__builtin_sub_overflow(a, b, &out);
    if constexpr (op == Expr::Op::kMultiply) return !__builtin_mul_overflow(a, b, &out);
  }
  static bool Apply(double a, double b, double& out) {
    if constexpr (op == Expr::Op::kAdd) out = a + b;
    if constexpr (op == Expr::Op::kSubtract) out = a - b;
    if constexpr (op == Expr::Op::kMultiply) out = a * b;
    if constexpr (op == Expr::Op::kDivide) out = a / b;
    return std::isfinite(out);
  }
  static bool Apply(const Rational& a, const Rational& b, Rational& out) {
    std::optional<Rational> result;
    if constexpr (op == Expr::Op::kAdd) result = Add(a, b);
    if constexpr (op == Expr::Op::kSubtract) result = Subtract(a, b);
    if constexpr (op == Expr::Op::kMultiply) result = Multiply(a, b);
    if constexpr (op == Expr::Op::kDivide) result = Divide(a, b);
    if (result) out = *result;
    return result.has_value();
  }
};

inline bool IsZero(double value) { return value == 0; }
inline bool IsZero(const Rational& value) { return value.numerator == 0; }

template <Expr::Op op, typename A, typename B, typename Result>
class BinaryValues final : public ComputedValues<Result> {
 public:
  BinaryValues(std::unique_ptr<Values<A>> left, std::unique_ptr<Values<B>> right)
      : left_(std::move(left)), right_(std::move(right)) {}

  void Run(const Chunk& chunk) override {
    left_->Run(chunk);
    right_->Run(chunk);
    const uint8_t* left_nulls = left_->nulls();
    const uint8_t* right_nulls = right_->nulls();
    for (size_t i = 0; i < chunk.count; ++i) {
      this->result_nulls_[i] = left_nulls[i] | right_nulls[i];
    }
    Compute(chunk, left_->values(), right_->values());
  }

 private:
  // 64-bit operands always fit.
  void Compute(const Chunk& chunk, const int64_t* left, const int64_t* right) {
    for (size_t i = 0; i < chunk.count; ++i) {
      if constexpr (op == Expr::Op::kAdd) this->results_[i] = Int128{left[i]} + right[i];
      if constexpr (op == Expr::Op::kSubtract) this->results_[i] = Int128{left[i]} - right[i];
      if constexpr (op == Expr::Op::kMultiply) this->results_[i] = Int128{left[i]} * right[i];
    }
  }

  template <typename L, typename R>
  void Compute(const Chunk& chunk, const L* left, const R* right) {
    for (size_t i = 0; i < chunk.count; ++i) {
      if (this->result_nulls_[i] != 0) continue;
      if constexpr (op == Expr::Op::kDivide) {
        if (IsZero(right[i])) {
          this->result_nulls_[i] = 1;
          continue;
        }
      }
      if (Arithmetic<op>::Apply(left[i], right[i], this->results_[i])) continue;
      this->result_nulls_[i] = 1;
      chunk.overflow[i] = 1;
    }
  }

  std::unique_ptr<Values<A>> left_;
  std::unique_ptr<Values<B>> right_;
};

// A sum or difference of mantissas of two scales. Bringing both to one scale may overflow as well,
// but not beside a null.
template <Expr::Op op, typename A, typename B>
class ScaledSum final : public ComputedValues<Int128> {
 public:
  // The result is left · 10^left_digits ± right · 10^right_digits.
  ScaledSum(std::unique_ptr<Values<A>> left, int left_digits, std::unique_ptr<Values<B>> right,
            int right_digits)
      : left_(std::move(left)),
        right_(std::move(right)),
        left_factor_(PowerOfTen(left_digits)),
        right_factor_(PowerOfTen(right_digits)) {}

  void Run(const Chunk& chunk) override {
    left_->Run(chunk);
    right_->Run(chunk);
    const A* left = left_->values();
    const B* right = right_->values();
    for (size_t i = 0; i < chunk.count; ++i) {
      result_nulls_[i] = left_->nulls()[i] | right_->nulls()[i];
      if (result_nulls_[i] != 0 || Compute(left[i], right[i], results_[i])) continue;
      result_nulls_[i] = 1;
      chunk.overflow[i] = 1;
    }
  }

 private:
  bool Compute(Int128 left, Int128 right, Int128& out) const {
    return !__builtin_mul_overflow(left, left_factor_, &left) &&
           !__builtin_mul_overflow(right, right_factor_, &right) &&
           Arithmetic<op>::Apply(left, right, out);
  }

  std::unique_ptr<Values<A>> left_;
  std::unique_ptr<Values<B>> right_;
  Int128 left_factor_;
  Int128 right_factor_;
};

// The nearest double of mantissas of one scale, and of fractions.
class ToDouble {
 public:
  explicit ToDouble(int scale)
      : power_(PowerOfTen(scale)),
        double_power_(static_cast<double>(power_)),
        largest_exact_(scale <= kMaxExactPower ? kMaxExactInteger : -1) {}

  double operator()(Int128 mantissa) const {
    if (mantissa >= -largest_exact_ && mantissa <= largest_exact_) {
      return static_cast<double>(static_cast<int64_t>(mantissa)) / double_power_;
    }
    return DivideRounded(mantissa, power_);
  }
  double operator()(const Rational& value) const {
    return DivideRounded(value.numerator, value.denominator);
  }

 private:
  // Beyond these, 10^scale or a mantissa may not be an exact double, and a division would round
  // twice.
  static constexpr int kMaxExactPower = 22;
  static constexpr int64_t kMaxExactInteger = int64_t{1} << 53;

  Int128 power_;
  double double_power_;
  int64_t largest_exact_;  // mantissas up to it need one rounding only
};

template <typename T>
class NearestDoubles final : public ComputedValues<double> {
 public:
  NearestDoubles(std::unique_ptr<Values<T>> operand, int scale)
      : operand_(std::move(operand)), to_double_(scale) {}
  void Run(const Chunk& chunk) override {
    operand_->Run(chunk);
    const T* values = operand_->values();
    for (size_t i = 0; i < chunk.count; ++i) {
      result_nulls_[i] = operand_->nulls()[i];
      if (result_nulls_[i] == 0) results_[i] = to_double_(values[i]);
    }
  }

 private:
  std::unique_ptr<Values<T>> operand_;
  ToDouble to_double_;
};

template <typename T>
class Fractions final : public ComputedValues<Rational> {
 public:
  Fractions(std::unique_ptr<Values<T>> operand, int scale)
      : operand_(std::move(operand)), denominator_(PowerOfTen(scale)) {}
  void Run(const Chunk& chunk) override {
    operand_->Run(chunk);
    const T* values = operand_->values();
    for (size_t i = 0; i < chunk.count; ++i) {
      result_nulls_[i] = operand_->nulls()[i];
      results_[i] = {values[i], denominator_};
    }
  }

 private:
  std::unique_ptr<Values<T>> operand_;
  Int128 denominator_;
};

}  // namespace onrush::expression
