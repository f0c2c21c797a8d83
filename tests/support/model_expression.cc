#include "tests/support/model_expression.h"

#include <cctype>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "tests/support/model_time.h"

namespace onrush::model {
namespace {

using Values = std::vector<Value>;

bool IsNothing(const ExprValue& value) {
  return std::holds_alternative<Null>(value) || std::holds_alternative<Overflow>(value);
}

double ToDouble(const ExprValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const Rational& exact = std::get<Rational>(value);
  return NearestDouble(exact.numerator, exact.denominator);
}

bool AnyFloat(const ExprValue& a, const ExprValue& b) {
  return std::holds_alternative<double>(a) || std::holds_alternative<double>(b);
}

ExprValue Calculated(double result) {
  if (!std::isfinite(result)) return Overflow{};
  return result;
}
ExprValue Calculated(const std::optional<Rational>& result) {
  if (!result) return Overflow{};
  return *result;
}

bool IsZero(const ExprValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real == 0;
  return std::get<Rational>(value).numerator == 0;
}

ExprValue CalculateFloat(char op, double a, double b) {
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

ExprValue CalculateExact(char op, Rational a, Rational b) {
  switch (op) {
    case '+':
      return Calculated(Add(a, b));
    case '-': {
      const std::optional<Rational> negated = Negate(b);
      return negated ? Calculated(Add(a, *negated)) : ExprValue(Overflow{});
    }
    case '*':
      return Calculated(Multiply(a, b));
    default:
      return Calculated(Divide(a, b));
  }
}

ExprValue Calculate(char op, const ExprValue& a, const ExprValue& b) {
  if (std::holds_alternative<Null>(a) || std::holds_alternative<Null>(b)) return Null{};
  if (IsNothing(a) || IsNothing(b)) return Overflow{};
  if (op == '/' && IsZero(b)) return Null{};
  if (AnyFloat(a, b)) return CalculateFloat(op, ToDouble(a), ToDouble(b));
  return CalculateExact(op, std::get<Rational>(a), std::get<Rational>(b));
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
  return Compare(std::get<Rational>(a), std::get<Rational>(b));
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
  return *Reduced(exact, PowerOfTen(type.kind == TypeKind::kDecimal ? type.scale : 0));
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
      left = [a = left, b = And()](const Values& row) { return IsTrue(a(row)) || IsTrue(b(row)); };
    }
    return left;
  }
  Expression And() {
    Expression left = Not();
    while (EatWord("and")) {
      left = [a = left, b = Not()](const Values& row) { return IsTrue(a(row)) && IsTrue(b(row)); };
    }
    return left;
  }
  Expression Not() {
    if (EatWord("not")) return [a = Not()](const Values& row) { return !IsTrue(a(row)); };
    return Comparison();
  }

  Expression Comparison() {
    Expression left = Sum();
    for (const char* op : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (EatSymbol(op)) {
        return [a = left, b = Sum(), op = std::string(op)](const Values& row) {
          return Holds(op, a(row), b(row));
        };
      }
    }
    if (EatWord("is")) {
      const bool wanted = !EatWord("not");
      ONRUSH_CHECK(EatWord("null"));
      return [a = left, wanted](const Values& row) { return IsNothing(a(row)) == wanted; };
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
    return [left, choices](const Values& row) {
      for (const Expression& choice : choices) {
        if (Holds("=", left(row), choice(row))) return true;
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
    return [op, left, right](const Values& row) { return Calculate(op, left(row), right(row)); };
  }

  Expression Unary() {
    if (!EatSymbol("-")) return Primary();
    return [a = Unary()](const Values& row) -> ExprValue {
      const ExprValue value = a(row);
      if (IsNothing(value)) return value;
      if (const auto* real = std::get_if<double>(&value)) return -*real;
      return Calculated(Negate(std::get<Rational>(value)));
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
    return [value](const Values&) { return value; };
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
    return [text, beginning](const Values& row) { return StartsWith(text(row), beginning(row)); };
  }

  Rational Number() {
    Int128 digits = 0;
    int scale = 0;
    bool after_point = false;
    for (; IsNamePart(at_); ++at_) {
      if (text_[at_] == '.') {
        after_point = true;
      } else {
        digits = digits * 10 + (text_[at_] - '0');
        scale += after_point ? 1 : 0;
      }
    }
    return *Reduced(digits, PowerOfTen(scale));
  }

  std::string Name() {
    const size_t begin = at_;
    while (IsNamePart(at_)) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Expression Column(const std::string& name) {
    for (size_t i = 0; i < stream_.column_count(); ++i) {
      if (stream_.column_name(i) != name) continue;
      return [i, type = stream_.column_type(i)](const Values& row) {
        return FromColumn(row[i], type);
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
    exact = std::get<Rational>(value);
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
  if (std::holds_alternative<Overflow>(value)) return std::nullopt;
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
