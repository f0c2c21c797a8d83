#include "core/expression_store.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/expression_values.h"
#include "core/int128.h"
#include "core/json_text.h"
#include "core/rational.h"

namespace onrush::expression {
namespace {

bool FitsInt64(Int128 value) { return value >= INT64_MIN && value <= INT64_MAX; }

template <typename T>
T* ColumnData(Column& column) {
  if constexpr (std::is_same_v<T, int64_t>) return column.ints.data();
  if constexpr (std::is_same_v<T, double>) return column.floats.data();
  if constexpr (std::is_same_v<T, std::string_view>) return column.strings.data();
}

// Values that the column holds as they are.
template <typename T>
class CopyStore final : public Store {
 public:
  explicit CopyStore(std::unique_ptr<Values<T>> values) : values_(std::move(values)) {}
  void Run(const Chunk& chunk, Column& out, uint8_t*) override {
    values_->Run(chunk);
    std::copy_n(values_->values(), chunk.count, ColumnData<T>(out) + chunk.begin);
    std::copy_n(values_->nulls(), chunk.count, out.nulls.data() + chunk.begin);
  }
  void AppendValue(size_t, std::string&) const override {}

 private:
  std::unique_ptr<Values<T>> values_;
};

// Numbers that may not fit. Convert turns one into the column's 64 bits, or into nothing.
template <typename T, typename Convert>
class ConvertStore final : public Store {
 public:
  ConvertStore(std::unique_ptr<Values<T>> values, Convert convert)
      : values_(std::move(values)), convert_(convert) {}
  void Run(const Chunk& chunk, Column& out, uint8_t* misfit) override {
    values_->Run(chunk);
    const T* values = values_->values();
    const uint8_t* nulls = values_->nulls();
    int64_t* ints = out.ints.data() + chunk.begin;
    std::copy_n(nulls, chunk.count, out.nulls.data() + chunk.begin);
    for (size_t i = 0; i < chunk.count; ++i) {
      if (nulls[i] == 0 && !convert_(values[i], ints[i])) misfit[i] = 1;
    }
  }
  void AppendValue(size_t i, std::string& out) const override {
    convert_.Append(values_->values()[i], out);
  }

 private:
  std::unique_ptr<Values<T>> values_;
  Convert convert_;
};

template <typename T, typename Convert>
std::unique_ptr<Store> MakeConvertStore(std::unique_ptr<Values<T>> values, Convert convert) {
  return std::make_unique<ConvertStore<T, Convert>>(std::move(values), convert);
}

// A mantissa of the column's own scale.
struct Narrow {
  int scale;
  bool operator()(Int128 value, int64_t& out) const {
    out = static_cast<int64_t>(value);
    return out == value;
  }
  void Append(Int128 value, std::string& out) const { AppendDecimal(value, scale, out); }
};

// A mantissa of another scale.
struct Rescale {
  Rescale(int from, int to)
      : scale(from),
        factor(PowerOfTen(std::max(to - from, 0))),
        divisor(PowerOfTen(std::max(from - to, 0))) {}
  bool operator()(Int128 value, int64_t& out) const {
    Int128 scaled = 0;
    if (value % divisor != 0 || __builtin_mul_overflow(value / divisor, factor, &scaled)) {
      return false;
    }
    out = static_cast<int64_t>(scaled);
    return out == scaled;
  }
  void Append(Int128 value, std::string& out) const { AppendDecimal(value, scale, out); }

  int scale;
  Int128 factor;
  Int128 divisor;
};

struct FromFraction {
  int scale;
  bool operator()(const Rational& value, int64_t& out) const {
    const std::optional<Int128> scaled = ToScaled(value, scale);
    if (!scaled || !FitsInt64(*scaled)) return false;
    out = static_cast<int64_t>(*scaled);
    return true;
  }
  void Append(const Rational& value, std::string& out) const {
    const Rational reduced = Reduced(value);
    AppendInt128(reduced.numerator, out);
    if (reduced.denominator == 1) return;
    out.push_back('/');
    AppendInt128(reduced.denominator, out);
  }
};

// A double is a fraction too; only an exact one fits.
struct FromDouble {
  int scale;
  bool operator()(double value, int64_t& out) const {
    constexpr int kMantissaBits = 53;
    int exponent = 0;
    const double mantissa = std::ldexp(std::frexp(value, &exponent), kMantissaBits);
    exponent -= kMantissaBits;
    Rational exact{static_cast<int64_t>(mantissa), 1};
    while (exponent < 0 && exact.numerator % 2 == 0 && exact.numerator != 0) {
      exact.numerator /= 2;
      ++exponent;
    }
    // More places than a decimal has, or more than 64 bits.
    if (exact.numerator != 0 && (exponent < -kMaxDecimalScale || exponent > 64)) return false;
    if (exponent < 0) exact.denominator = Int128{1} << -exponent;
    if (exponent > 0) exact.numerator *= Int128{1} << exponent;
    return FromFraction{scale}(exact, out);
  }
  void Append(double value, std::string& out) const { AppendJsonFloat(value, out); }
};

std::unique_ptr<Store> BuildExactStore(const Expr& expr, int scale) {
  if (expr.type.kind == TypeKind::kFloat) {
    return MakeConvertStore(BuildDouble(expr), FromDouble{scale});
  }
  ExactNode node = BuildExact(expr);
  return std::visit(
      [&](auto& values) -> std::unique_ptr<Store> {
        using T = ValueOf<decltype(values)>;
        if constexpr (std::is_same_v<T, Rational>) {
          return MakeConvertStore(std::move(values), FromFraction{scale});
        } else {
          if (node.scale != scale) {
            return MakeConvertStore(std::move(values), Rescale(node.scale, scale));
          }
          if constexpr (std::is_same_v<T, int64_t>) {
            return std::make_unique<CopyStore<T>>(std::move(values));
          } else {
            return MakeConvertStore(std::move(values), Narrow{scale});
          }
        }
      },
      node.values);
}

}  // namespace

std::unique_ptr<Store> BuildStore(const Expr& expr, ValueType type) {
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kDecimal:
      return BuildExactStore(expr, type.scale);
    case TypeKind::kFloat:
      return std::make_unique<CopyStore<double>>(BuildDouble(expr));
    case TypeKind::kString:
      return std::make_unique<CopyStore<std::string_view>>(BuildString(expr));
    case TypeKind::kBool:
    case TypeKind::kTimestamp:
      break;
  }
  return std::make_unique<CopyStore<int64_t>>(BuildInts(expr));
}

}  // namespace onrush::expression
