#include "core/expression_in.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/expression_range.h"
#include "core/expression_values.h"

namespace onrush::expression {
namespace {

using Op = Expr::Op;

struct Less {
  // Most strings differ in size already.
  bool operator()(std::string_view a, std::string_view b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
  bool operator()(const Rational& a, const Rational& b) const { return Compare(a, b) < 0; }
  template <typename T>
  requires std::is_arithmetic_v<T>
  bool operator()(T a, T b) const { return a < b; }
};

template <typename T, typename Stored = T>
class InMask final : public Mask {
 public:
  InMask(std::unique_ptr<Values<T>> operand, std::vector<Stored> list)
      : operand_(std::move(operand)), list_(std::move(list)) {
    std::sort(list_.begin(), list_.end(), Less());
  }
  void Run(const Chunk& chunk, uint8_t* out) override {
    operand_->Run(chunk);
    const T* values = operand_->values();
    const uint8_t* nulls = operand_->nulls();
    const uint8_t* bad = chunk.bad();
    for (size_t i = 0; i < chunk.count; ++i) {
      const bool absent = (nulls[i] | bad[i]) != 0;
      out[i] = !absent && std::binary_search(list_.begin(), list_.end(), values[i], Less());
    }
  }

 private:
  std::unique_ptr<Values<T>> operand_;
  std::vector<Stored> list_;
};

template <typename T, typename Stored>
std::unique_ptr<Mask> MakeIn(std::unique_ptr<Values<T>> operand, std::vector<Stored> list) {
  return std::make_unique<InMask<T, Stored>>(std::move(operand), std::move(list));
}

// The literals of a list, each as `convert` yields it.
template <typename Convert>
auto Literals(const Expr& in, Convert convert) {
  std::vector<decltype(convert(in))> list;
  for (size_t i = 1; i < in.operands.size(); ++i) list.push_back(convert(in.operands[i]));
  return list;
}

// A 64-bit column: literals that none of its values can equal are left out.
std::unique_ptr<Mask> BuildInColumn(const Expr& in) {
  const Expr& column = in.operands[0];
  std::vector<int64_t> list;
  for (size_t i = 1; i < in.operands.size(); ++i) {
    const Threshold value = ThresholdOf(in.operands[i], column.type.scale);
    if (!value.exact || value.floor < INT64_MIN || value.floor > INT64_MAX) continue;
    list.push_back(static_cast<int64_t>(value.floor));
  }
  return MakeIn(BuildInts(column), std::move(list));
}

}  // namespace

std::unique_ptr<Mask> BuildIn(const Expr& in) {
  const Expr& operand = in.operands[0];
  const auto timestamp = [](const Expr& literal) { return static_cast<int64_t>(literal.mantissa); };
  switch (operand.type.kind) {
    case TypeKind::kString:
      return MakeIn(BuildString(operand), Literals(in, [](const Expr& e) { return e.text; }));
    case TypeKind::kFloat:
      return MakeIn(BuildDouble(operand), Literals(in, NumberAsDouble));
    case TypeKind::kTimestamp:
      return MakeIn(BuildInts(operand), Literals(in, timestamp));
    default:
      if (operand.op == Op::kColumn) return BuildInColumn(in);
      return MakeIn(BuildRational(operand), Literals(in, NumberAsRational));
  }
}

}  // namespace onrush::expression
