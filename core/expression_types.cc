#include "core/expression_types.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/expression_lexer.h"
#include "core/status_macros.h"
#include "core/time.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr ValueType kBoolType{TypeKind::kBool, 0};

ValueType ExactType(int scale) {
  if (scale == 0) return {TypeKind::kInt, 0};
  return {TypeKind::kDecimal, static_cast<uint8_t>(scale)};
}

std::string WithArticle(ValueType type) {
  return fmt::format("{} {}", type.kind == TypeKind::kInt ? "an" : "a", TypeName(type));
}

// Numbers compare with numbers of any kind, everything else with its own kind.
bool Comparable(ValueType a, ValueType b) {
  return a.kind == b.kind || (IsNumber(a) && IsNumber(b));
}

// What could stand beside a value of type `type`.
std::string_view CounterpartOf(ValueType type) {
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kFloat:
      return "a number";
    case TypeKind::kString:
      return "a string (a literal stands in single quotes)";
    case TypeKind::kBool:
      return "true, false or a condition";
    case TypeKind::kTimestamp:
      return "an instant such as '2024-01-31T08:00:00Z'";
  }
  return "";
}

std::vector<ExprPart> Pair(ExprPart left, ExprPart right) {
  std::vector<ExprPart> operands;
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  return operands;
}

std::vector<ExprPart> Single(ExprPart operand) {
  std::vector<ExprPart> operands;
  operands.push_back(std::move(operand));
  return operands;
}

}  // namespace

absl::StatusOr<ExprPart> ExpressionTyper::Negate(ExprPart operand, size_t offset) const {
  ONRUSH_RETURN_IF_ERROR(RequireNumber(operand));
  if (operand.expr.op == Expr::Op::kNumber) {
    operand.expr.mantissa = -operand.expr.mantissa;
    operand.offset = offset;
    return operand;
  }
  const ValueType type = operand.expr.type;
  return Combine(Expr::Op::kNegate, type, offset, Single(std::move(operand)));
}

absl::StatusOr<ExprPart> ExpressionTyper::Arithmetic(Expr::Op op, ExprPart left,
                                                     ExprPart right) const {
  ONRUSH_RETURN_IF_ERROR(RequireNumber(left));
  ONRUSH_RETURN_IF_ERROR(RequireNumber(right));
  ONRUSH_ASSIGN_OR_RETURN(const ValueType type, ArithmeticType(op, left, right));
  const size_t offset = left.offset;
  return Combine(op, type, offset, Pair(std::move(left), std::move(right)));
}

absl::StatusOr<ExprPart> ExpressionTyper::Comparison(Expr::Op op, ExprPart left,
                                                     ExprPart right) const {
  ONRUSH_RETURN_IF_ERROR(CoerceInstant(right.expr.type, left));
  ONRUSH_RETURN_IF_ERROR(CoerceInstant(left.expr.type, right));
  if (!Comparable(left.expr.type, right.expr.type)) {
    return ErrorAt(right,
                   fmt::format("{}, compared with {}", Describe(right.expr), Describe(left.expr)),
                   CounterpartOf(left.expr.type));
  }
  const size_t offset = left.offset;
  return Combine(op, kBoolType, offset, Pair(std::move(left), std::move(right)));
}

absl::StatusOr<ExprPart> ExpressionTyper::Not(ExprPart operand, size_t offset) const {
  ONRUSH_RETURN_IF_ERROR(RequireCondition(operand));
  return Combine(Expr::Op::kNot, kBoolType, offset, Single(std::move(operand)));
}

absl::StatusOr<ExprPart> ExpressionTyper::Logic(Expr::Op op, ExprPart left, ExprPart right) const {
  ONRUSH_RETURN_IF_ERROR(RequireCondition(left));
  ONRUSH_RETURN_IF_ERROR(RequireCondition(right));
  const size_t offset = left.offset;
  return Combine(op, kBoolType, offset, Pair(std::move(left), std::move(right)));
}

absl::StatusOr<ExprPart> ExpressionTyper::In(ExprPart operand,
                                             std::vector<ExprPart> literals) const {
  const ValueType type = operand.expr.type;
  if (type.kind == TypeKind::kBool) {
    return ErrorAt(operand, fmt::format("{} before 'in'", Describe(operand.expr)),
                   "a string, a number or a timestamp");
  }
  for (ExprPart& literal : literals) {
    ONRUSH_RETURN_IF_ERROR(CoerceInstant(type, literal));
    if (!Comparable(type, literal.expr.type)) {
      return ErrorAt(
          literal,
          fmt::format("{} in a list for {}", Describe(literal.expr), Describe(operand.expr)),
          CounterpartOf(type));
    }
  }
  const size_t offset = operand.offset;
  literals.insert(literals.begin(), std::move(operand));
  return Combine(Expr::Op::kIn, kBoolType, offset, std::move(literals));
}

absl::StatusOr<ExprPart> ExpressionTyper::StartsWith(ExprPart operand, ExprPart prefix,
                                                     size_t offset) const {
  ONRUSH_RETURN_IF_ERROR(RequireString(operand));
  ONRUSH_RETURN_IF_ERROR(RequireString(prefix));
  return Combine(Expr::Op::kStartsWith, kBoolType, offset,
                 Pair(std::move(operand), std::move(prefix)));
}

absl::StatusOr<ExprPart> ExpressionTyper::NullTest(Expr::Op op, ExprPart operand) const {
  const size_t offset = operand.offset;
  return Combine(op, kBoolType, offset, Single(std::move(operand)));
}

absl::StatusOr<Expr> ExpressionTyper::Condition(ExprPart whole) const {
  ONRUSH_RETURN_IF_ERROR(RequireCondition(whole));
  return std::move(whole.expr);
}

absl::StatusOr<Expr> ExpressionTyper::Value(ExprPart whole, ValueType target) const {
  ONRUSH_RETURN_IF_ERROR(CoerceInstant(target, whole));
  if (!Comparable(whole.expr.type, target)) {
    return ErrorAt(whole, fmt::format("{} for {}", Describe(whole.expr), WithArticle(target)),
                   CounterpartOf(target));
  }
  return std::move(whole.expr);
}

absl::Status ExpressionTyper::ErrorAt(const ExprPart& part, std::string_view found,
                                      std::string_view right) const {
  return ExpressionErrorAt(text_, part.offset, found, right);
}

std::string ExpressionTyper::Describe(const Expr& expr) const {
  switch (expr.op) {
    case Expr::Op::kColumn:
      return fmt::format("'{}', {}", stream_.column_name(expr.column), WithArticle(expr.type));
    case Expr::Op::kNumber: {
      std::string text = "the number ";
      AppendDecimal(expr.mantissa, expr.type.scale, text);
      return text;
    }
    case Expr::Op::kString:
      return fmt::format("the string '{}'", expr.text);
    case Expr::Op::kTimestamp:
      return "an instant";
    case Expr::Op::kBool:
      return expr.mantissa != 0 ? "true" : "false";
    default:
      return expr.type.kind == TypeKind::kBool ? "a condition" : "a number";
  }
}

absl::Status ExpressionTyper::RequireNumber(const ExprPart& part) const {
  if (IsNumber(part.expr.type)) return absl::OkStatus();
  return ErrorAt(part, fmt::format("{} in arithmetic", Describe(part.expr)), "a number");
}

absl::Status ExpressionTyper::RequireCondition(const ExprPart& part) const {
  if (part.expr.type.kind == TypeKind::kBool) return absl::OkStatus();
  return ErrorAt(part, Describe(part.expr),
                 "a condition, such as a comparison or a field of type bool");
}

absl::Status ExpressionTyper::RequireString(const ExprPart& part) const {
  if (part.expr.type.kind == TypeKind::kString) return absl::OkStatus();
  return ErrorAt(part, fmt::format("{} in starts_with", Describe(part.expr)),
                 CounterpartOf({TypeKind::kString, 0}));
}

absl::Status ExpressionTyper::CoerceInstant(ValueType beside, ExprPart& part) const {
  if (beside.kind != TypeKind::kTimestamp || part.expr.op != Expr::Op::kString) {
    return absl::OkStatus();
  }
  const std::optional<EventTime> instant = ParseInstant(part.expr.text);
  if (!instant) return ErrorAt(part, Describe(part.expr), CounterpartOf(beside));
  part.expr.op = Expr::Op::kTimestamp;
  part.expr.type = {TypeKind::kTimestamp, 0};
  part.expr.mantissa = instant->ns;
  part.expr.text.clear();
  return absl::OkStatus();
}

absl::StatusOr<ValueType> ExpressionTyper::ArithmeticType(Expr::Op op, const ExprPart& left,
                                                          const ExprPart& right) const {
  const ValueType a = left.expr.type;
  const ValueType b = right.expr.type;
  if (a.kind == TypeKind::kFloat || b.kind == TypeKind::kFloat) {
    return ValueType{TypeKind::kFloat, 0};
  }
  if (op == Expr::Op::kDivide || a.scale == kFractionScale || b.scale == kFractionScale) {
    return ValueType{TypeKind::kDecimal, kFractionScale};
  }
  const int scale = op == Expr::Op::kMultiply ? a.scale + b.scale : std::max(a.scale, b.scale);
  if (scale > kMaxExprScale) {
    return ErrorAt(left, fmt::format("a product with {} digits after the point", scale),
                   fmt::format("at most {}", kMaxExprScale));
  }
  return ExactType(scale);
}

absl::StatusOr<ExprPart> ExpressionTyper::Combine(Expr::Op op, ValueType type, size_t offset,
                                                  std::vector<ExprPart> operands) const {
  ExprPart result;
  result.offset = offset;
  result.expr.op = op;
  result.expr.type = type;
  result.expr.operands.reserve(operands.size());
  for (ExprPart& operand : operands) {
    result.depth = std::max(result.depth, operand.depth + 1);
    result.expr.operands.push_back(std::move(operand.expr));
  }
  if (result.depth > kMaxExprDepth) {
    return ErrorAt(result, fmt::format("more than {} levels of operators", kMaxExprDepth),
                   "a shorter expression (`in` takes long lists, a derived field a part)");
  }
  return result;
}

}  // namespace onrush
