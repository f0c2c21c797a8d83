#include "tests/support/model_expression.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "tests/support/model_time.h"

namespace onrush::model {
namespace {

bool IsNothing(const ExprValue& value) { return std::holds_alternative<Null>(value); }

// Requires: an exact number.
Rational ToRational(const ExprValue& value) {
  if (const auto* fraction = std::get_if<Rational>(&value)) return *fraction;
  const Decimal& decimal = std::get<Decimal>(value);
  return *Reduced(decimal.mantissa, PowerOfTen(decimal.scale));
}

double ToDouble(const ExprValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const Rational exact = ToRational(value);
  return NearestDouble(exact.numerator, exact.denominator);
}

bool AnyFloat(const ExprValue& a, const ExprValue& b) {
  return std::holds_alternative<double>(a) || std::holds_alternative<double>(b);
}

// Nothing if the result leaves its range.
using Result = std::optional<ExprValue>;

Result Calculated(double result) { return std::isfinite(result) ? Result(result) : std::nullopt; }
Result Calculated(const std::optional<Rational>& result) {
  return result ? Result(*result) : std::nullopt;
}

Result Calculated(bool overflow, Decimal result) {
  return overflow ? std::nullopt : Result(result);
}

ExprValue OrNull(const Result& result, Evaluation& event) {
  if (!result) event.overflow = true;
  return result.value_or(Null{});
}

bool IsZero(const ExprValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real == 0;
  return ToRational(value).numerator == 0;
}

Result CalculateFloat(char op, double a, double b) {
  switch (op) {
    case '+':
      return Calculated(a + b);
    case '-':
      return Calculated(a - b);
    case '*':
      return Calculated(a * b);
    default:
      return Calculated(a / b);
  }
}

Result CalculateFraction(char op, Rational a, Rational b) {
  switch (op) {
    case '+':
      return Calculated(Add(a, b));
    case '-': {
      const std::optional<Rational> negated = Negate(b);
      return negated ? Calculated(Add(a, *negated)) : std::nullopt;
    }
    case '*':
      return Calculated(Multiply(a, b));
    default:
      return Calculated(Divide(a, b));
  }
}

// The result has the digits after the point that its operands can give it, zeros or not.
Result CalculateDecimal(char op, Decimal a, Decimal b) {
  Decimal result{0, op == '*' ? a.scale + b.scale : std::max(a.scale, b.scale)};
  if (op == '*') {
    const bool overflow = __builtin_mul_overflow(a.mantissa, b.mantissa, &result.mantissa);
    return Calculated(overflow, result);
  }
  Int128 left = 0;
  Int128 right = 0;
  bool overflow = __builtin_mul_overflow(a.mantissa, PowerOfTen(result.scale - a.scale), &left) ||
                  __builtin_mul_overflow(b.mantissa, PowerOfTen(result.scale - b.scale), &right);
  overflow = overflow || (op == '+' ? __builtin_add_overflow(left, right, &result.mantissa)
                                    : __builtin_sub_overflow(left, right, &result.mantissa));
  return Calculated(overflow, result);
}

ExprValue Calculate(char op, const ExprValue& a, const ExprValue& b, Evaluation& event) {
  if (IsNothing(a) || IsNothing(b)) return Null{};
  if (op == '/' && IsZero(b)) return Null{};
  if (AnyFloat(a, b)) return OrNull(CalculateFloat(op, ToDouble(a), ToDouble(b)), event);
  const auto* left = std::get_if<Decimal>(&a);
  const auto* right = std::get_if<Decimal>(&b);
  if (op != '/' && left != nullptr && right != nullptr) {
    return OrNull(CalculateDecimal(op, *left, *right), event);
  }
  return OrNull(CalculateFraction(op, ToRational(a), ToRational(b)), event);
}

Int128 InstantOf(const ExprValue& value) {
  if (const auto* instant = std::get_if<Instant>(&value)) return instant->ns;
  return ParseRfc3339(std::get<std::string>(value)).value();
}

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Requires: neither is null.
int CompareValues(const ExprValue& a, const ExprValue& b) {
  if (std::holds_alternative<Instant>(a) || std::holds_alternative<Instant>(b)) {
    return Order(InstantOf(a), InstantOf(b));
  }
  if (std::holds_alternative<bool>(a)) return Order(std::get<bool>(a), std::get<bool>(b));
  if (std::holds_alternative<std::string>(a)) {
    return Order(std::get<std::string>(a), std::get<std::string>(b));
  }
  if (AnyFloat(a, b)) return Order(ToDouble(a), ToDouble(b));
  return Compare(ToRational(a), ToRational(b));
}

bool Holds(const std::string& op, const ExprValue& a, const ExprValue& b) {
  if (IsNothing(a) || IsNothing(b)) return false;
  const int order = CompareValues(a, b);
  if (op == "=") return order == 0;
  if (op == "!=") return order != 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

bool StartsWith(const ExprValue& text, const ExprValue& beginning) {
  if (IsNothing(text) || IsNothing(beginning)) return false;
  return std::get<std::string>(text).starts_with(std::get<std::string>(beginning));
}

ExprValue FromColumn(const Value& value, ValueType type) {
  if (IsNull(value)) return Null{};
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const Int128 exact = std::get<Int128>(value);
  if (type.kind == TypeKind::kTimestamp) return Instant{exact};
  return Decimal{exact, type.kind == TypeKind::kDecimal ? type.scale : 0};
}

// A recursive descent, one function per level of precedence, loosest first.
class Parser {
 public:
  Parser(const StreamPlan& stream, const std::string& text) : stream_(stream), text_(text) {}

  Expression Parse() {
    Expression expression = Or();
    SkipSpace();
    ONRUSH_CHECK(at_ == text_.size());
    return expression;
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool IsNamePart(size_t at) const {
    if (at >= text_.size()) return false;
    return std::isalnum(static_cast<unsigned char>(text_[at])) || text_[at] == '_' ||
           text_[at] == '.';
  }
  bool EatSymbol(const std::string& symbol) {
    SkipSpace();
    if (text_.compare(at_, symbol.size(), symbol) != 0) return false;
    at_ += symbol.size();
    return true;
  }
  bool EatWord(const std::string& word) {
    const size_t before = at_;
    if (EatSymbol(word) && !IsNamePart(at_)) return true;
    at_ = before;
    return false;
  }

  Expression Or() {
    Expression left = And();
    while (EatWord("or")) {
      left = [a = left, b = And()](Evaluation& event) {
        const bool first = IsTrue(a(event));
        const bool second = IsTrue(b(event));
        return first || second;
      };
    }
    return left;
  }
  Expression And() {
    Expression left = Not();
    while (EatWord("and")) {
      left = [a = left, b = Not()](Evaluation& event) {
        const bool first = IsTrue(a(event));
        const bool second = IsTrue(b(event));
        return first && second;
      };
    }
    return left;
  }
  Expression Not() {
    if (EatWord("not")) return [a = Not()](Evaluation& event) { return !IsTrue(a(event)); };
    return Comparison();
  }

  Expression Comparison() {
    Expression left = Sum();
    for (const char* op : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (EatSymbol(op)) {
        return [a = left, b = Sum(), op = std::string(op)](Evaluation& event) {
          return Holds(op, a(event), b(event));
        };
      }
    }
    if (EatWord("is")) {
      const bool wanted = !EatWord("not");
      ONRUSH_CHECK(EatWord("null"));
      return [a = left, wanted](Evaluation& event) { return IsNothing(a(event)) == wanted; };
    }
    if (EatWord("in")) return In(left);
    return left;
  }

  Expression In(const Expression& left) {
    std::vector<Expression> choices;
    ONRUSH_CHECK(EatSymbol("("));
    do {
      choices.push_back(Unary());
    } while (EatSymbol(","));
    ONRUSH_CHECK(EatSymbol(")"));
    return [left, choices](Evaluation& event) {
      for (const Expression& choice : choices) {
        if (Holds("=", left(event), choice(event))) return true;
      }
      return false;
    };
  }

  Expression Sum() {
    Expression left = Product();
    while (true) {
      const char op = EatSymbol("+") ? '+' : EatSymbol("-") ? '-' : '\0';
      if (op == '\0') return left;
      left = Arithmetic(op, left, Product());
    }
  }
  Expression Product() {
    Expression left = Unary();
    while (true) {
      const char op = EatSymbol("*") ? '*' : EatSymbol("/") ? '/' : '\0';
      if (op == '\0') return left;
      left = Arithmetic(op, left, Unary());
    }
  }
  static Expression Arithmetic(char op, Expression left, Expression right) {
    return [op, left, right](Evaluation& event) {
      return Calculate(op, left(event), right(event), event);
    };
  }

  Expression Unary() {
    if (!EatSymbol("-")) return Primary();
    return [a = Unary()](Evaluation& event) -> ExprValue {
      const ExprValue value = a(event);
      if (IsNothing(value)) return value;
      if (const auto* real = std::get_if<double>(&value)) return -*real;
      return Calculate('-', Decimal{}, value, event);
    };
  }

  Expression Primary() {
    if (EatSymbol("(")) {
      Expression inside = Or();
      ONRUSH_CHECK(EatSymbol(")"));
      return inside;
    }
    if (EatWord("true")) return Literal(true);
    if (EatWord("false")) return Literal(false);
    if (EatSymbol("'")) return Literal(Quoted());
    if (EatWord("starts_with")) return StartsWithCall();
    if (std::isdigit(static_cast<unsigned char>(text_[at_]))) return Literal(Number());
    return Column(Name());
  }

  static Expression Literal(ExprValue value) {
    return [value](Evaluation&) { return value; };
  }

  std::string Quoted() {
    std::string value;
    while (true) {
      ONRUSH_CHECK(at_ < text_.size());
      const char c = text_[at_++];
      if (c == '\'' && text_.compare(at_, 1, "'") != 0) return value;
      if (c == '\'') ++at_;
      value += c;
    }
  }

  Expression StartsWithCall() {
    ONRUSH_CHECK(EatSymbol("("));
    Expression text = Or();
    ONRUSH_CHECK(EatSymbol(","));
    Expression beginning = Or();
    ONRUSH_CHECK(EatSymbol(")"));
    return
        [text, beginning](Evaluation& event) { return StartsWith(text(event), beginning(event)); };
  }

  Decimal Number() {
    Decimal number;
    bool after_point = false;
    for (; IsNamePart(at_); ++at_) {
      if (text_[at_] == '.') {
        after_point = true;
      } else {
        number.mantissa = number.mantissa * 10 + (text_[at_] - '0');
        number.scale += after_point ? 1 : 0;
      }
    }
    return number;
  }

  std::string Name() {
    const size_t begin = at_;
    while (IsNamePart(at_)) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Expression Column(const std::string& name) {
    for (size_t i = 0; i < stream_.column_count(); ++i) {
      if (stream_.column_name(i) != name) continue;
      return [i, type = stream_.column_type(i)](Evaluation& event) {
        return FromColumn(event.columns[i], type);
      };
    }
    ONRUSH_CHECK(!"a column of that name");
    return {};
  }

  const StreamPlan& stream_;
  const std::string text_;
  size_t at_ = 0;
};

std::optional<Value> ToExact(const ExprValue& value, int scale) {
  Rational exact;
  if (const auto* real = std::get_if<double>(&value)) {
    // A double that fits the type exactly is a multiple of 2^-scale, as 10^-scale itself is.
    const double scaled = std::ldexp(*real, scale);
    if (std::abs(scaled) >= 0x1p120 || scaled != std::floor(scaled)) return std::nullopt;
    exact = *Reduced(static_cast<Int128>(scaled), Int128{1} << scale);
  } else {
    exact = ToRational(value);
  }
  const std::optional<Rational> scaled = Multiply(exact, {PowerOfTen(scale), 1});
  if (!scaled || scaled->denominator != 1) return std::nullopt;
  if (scaled->numerator < std::numeric_limits<int64_t>::min()) return std::nullopt;
  if (scaled->numerator > std::numeric_limits<int64_t>::max()) return std::nullopt;
  return Value(scaled->numerator);
}

}  // namespace

Expression ParseModelExpression(const StreamPlan& stream, const std::string& text) {
  return Parser(stream, text).Parse();
}

bool IsTrue(const ExprValue& value) {
  const auto* truth = std::get_if<bool>(&value);
  return truth != nullptr && *truth;
}

std::optional<Value> ToColumn(const ExprValue& value, ValueType type) {
  if (std::holds_alternative<Null>(value)) return Value();
  switch (type.kind) {
    case TypeKind::kInt:
      return ToExact(value, 0);
    case TypeKind::kDecimal:
      return ToExact(value, type.scale);
    case TypeKind::kFloat:
      return Value(ToDouble(value));
    case TypeKind::kString:
      return Value(std::get<std::string>(value));
    case TypeKind::kBool:
      return Value(std::get<bool>(value));
    case TypeKind::kTimestamp:
      return Value(InstantOf(value));
  }
  return std::nullopt;
}

}  // namespace onrush::model
