#include "core/expression_parser.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/expression_lexer.h"
#include "core/expression_types.h"
#include "core/status_macros.h"
#include "core/suggest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

using Op = Expr::Op;
using Kind = ExprToken::Kind;

// How tightly operators bind.
enum Level { kOrLevel, kAndLevel, kNotLevel, kComparisonLevel, kSumLevel, kProductLevel, kUnary };

struct BinaryOperator {
  std::string_view source;
  Op op;
  Level level;
};
constexpr std::array<BinaryOperator, 12> kBinaryOperators = {{
    {"or", Op::kOr, kOrLevel},
    {"and", Op::kAnd, kAndLevel},
    {"=", Op::kEqual, kComparisonLevel},
    {"!=", Op::kNotEqual, kComparisonLevel},
    {"<", Op::kLess, kComparisonLevel},
    {"<=", Op::kLessEqual, kComparisonLevel},
    {">", Op::kGreater, kComparisonLevel},
    {">=", Op::kGreaterEqual, kComparisonLevel},
    {"+", Op::kAdd, kSumLevel},
    {"-", Op::kSubtract, kSumLevel},
    {"*", Op::kMultiply, kProductLevel},
    {"/", Op::kDivide, kProductLevel},
}};

const BinaryOperator* FindBinaryOperator(const ExprToken& token) {
  if (token.kind != Kind::kSymbol && token.kind != Kind::kWord) return nullptr;
  for (const BinaryOperator& binary : kBinaryOperators) {
    if (token.source == binary.source) return &binary;
  }
  return nullptr;
}

// Precedence climbing over the tokens.
class Parser {
 public:
  Parser(std::string_view text, const StreamPlan& stream, size_t visible_columns,
         std::vector<ExprToken> tokens)
      : text_(text),
        stream_(stream),
        visible_columns_(visible_columns),
        tokens_(std::move(tokens)),
        typer_(text, stream) {}

  absl::StatusOr<ExprPart> ParseAll() {
    ONRUSH_ASSIGN_OR_RETURN(ExprPart whole, ParseBinary(kOrLevel));
    if (Peek().kind == Kind::kEnd) return whole;
    if (Peek().kind == Kind::kName) {
      return ErrorHere(DescribeChoices(Peek().source, {"and", "or", "in", "is"}, ""));
    }
    return ErrorHere("an operator or the end");
  }

 private:
  const ExprToken& Peek() const { return tokens_[position_]; }
  const ExprToken& Take() { return tokens_[position_++]; }
  bool TakeIf(std::string_view source) {
    const bool matches =
        (Peek().kind == Kind::kSymbol || Peek().kind == Kind::kWord) && Peek().source == source;
    position_ += matches ? 1 : 0;
    return matches;
  }

  absl::Status ErrorHere(std::string_view right) const {
    const std::string found =
        Peek().kind == Kind::kEnd ? "the end" : fmt::format("'{}'", Peek().source);
    return ExpressionErrorAt(text_, Peek().offset, found, right);
  }
  absl::Status Expect(std::string_view source) {
    if (TakeIf(source)) return absl::OkStatus();
    return ErrorHere(fmt::format("'{}'", source));
  }

  // Operators of at least `weakest`; all are left-associative, comparisons stand alone.
  absl::StatusOr<ExprPart> ParseBinary(Level weakest) {
    ONRUSH_ASSIGN_OR_RETURN(ExprPart left, ParsePrefix(weakest));
    bool compared = false;
    while (true) {
      const bool postfix = Peek().source == "in" || Peek().source == "is";
      const BinaryOperator* binary = FindBinaryOperator(Peek());
      if (!binary && !postfix) return left;
      const Level level = binary ? binary->level : kComparisonLevel;
      if (level < weakest) return left;
      if (level == kComparisonLevel) {
        if (compared) return ErrorHere("'and', 'or' or the end after a comparison");
        compared = true;
      }
      absl::StatusOr<ExprPart> combined =
          binary ? ParseRight(*binary, std::move(left)) : ParsePostfix(std::move(left));
      if (!combined.ok()) return combined;
      left = std::move(*combined);
    }
  }

  absl::StatusOr<ExprPart> ParseRight(const BinaryOperator& binary, ExprPart left) {
    Take();
    ONRUSH_ASSIGN_OR_RETURN(ExprPart right, ParseBinary(static_cast<Level>(binary.level + 1)));
    switch (binary.level) {
      case kOrLevel:
      case kAndLevel:
        return typer_.Logic(binary.op, std::move(left), std::move(right));
      case kComparisonLevel:
        return typer_.Comparison(binary.op, std::move(left), std::move(right));
      default:
        return typer_.Arithmetic(binary.op, std::move(left), std::move(right));
    }
  }

  // `in (…)`, `is null`, `is not null`.
  absl::StatusOr<ExprPart> ParsePostfix(ExprPart operand) {
    if (TakeIf("in")) return ParseList(std::move(operand));
    Take();
    const Op op = TakeIf("not") ? Op::kIsNotNull : Op::kIsNull;
    ONRUSH_RETURN_IF_ERROR(Expect("null"));
    return typer_.NullTest(op, std::move(operand));
  }

  absl::StatusOr<ExprPart> ParseList(ExprPart operand) {
    ONRUSH_RETURN_IF_ERROR(Expect("("));
    std::vector<ExprPart> literals;
    do {
      const size_t offset = Peek().offset;
      const bool negative = TakeIf("-");
      if (Peek().kind != Kind::kNumber && (negative || Peek().kind != Kind::kString)) {
        return ErrorHere(negative ? "a number" : "a number or a string in single quotes");
      }
      ONRUSH_ASSIGN_OR_RETURN(ExprPart literal, ParseLiteral());
      if (negative) {
        ONRUSH_ASSIGN_OR_RETURN(literal, typer_.Negate(std::move(literal), offset));
      }
      literals.push_back(std::move(literal));
    } while (TakeIf(","));
    if (!TakeIf(")")) return ErrorHere("',' or ')'");
    return typer_.In(std::move(operand), std::move(literals));
  }

  // Whatever may stand where an operand is due. Only here does the parser go deeper.
  absl::StatusOr<ExprPart> ParsePrefix(Level weakest) {
    if (nesting_ == kMaxExprDepth) {
      return ExpressionErrorAt(text_, Peek().offset,
                               fmt::format("more than {} levels of nesting", kMaxExprDepth),
                               "a simpler expression (a derived field can hold a part)");
    }
    ++nesting_;
    absl::StatusOr<ExprPart> result = ParseOperand(weakest);
    --nesting_;
    return result;
  }

  absl::StatusOr<ExprPart> ParseOperand(Level weakest) {
    const size_t offset = Peek().offset;
    if (weakest <= kNotLevel && TakeIf("not")) {
      ONRUSH_ASSIGN_OR_RETURN(ExprPart operand, ParseBinary(kNotLevel));
      return typer_.Not(std::move(operand), offset);
    }
    if (TakeIf("-")) {
      ONRUSH_ASSIGN_OR_RETURN(ExprPart operand, ParseBinary(kUnary));
      return typer_.Negate(std::move(operand), offset);
    }
    if (TakeIf("(")) {
      ONRUSH_ASSIGN_OR_RETURN(ExprPart inner, ParseBinary(kOrLevel));
      if (!TakeIf(")")) return ErrorHere("an operator or ')'");
      return inner;
    }
    if (TakeIf("starts_with")) return ParseStartsWith(offset);
    if (Peek().kind == Kind::kName) return ParseField();
    return ParseLiteral();
  }

  absl::StatusOr<ExprPart> ParseStartsWith(size_t offset) {
    ONRUSH_RETURN_IF_ERROR(Expect("("));
    ONRUSH_ASSIGN_OR_RETURN(ExprPart operand, ParseBinary(kOrLevel));
    ONRUSH_RETURN_IF_ERROR(Expect(","));
    ONRUSH_ASSIGN_OR_RETURN(ExprPart prefix, ParseBinary(kOrLevel));
    ONRUSH_RETURN_IF_ERROR(Expect(")"));
    return typer_.StartsWith(std::move(operand), std::move(prefix), offset);
  }

  absl::StatusOr<ExprPart> ParseField() {
    for (size_t column = 0; column < visible_columns_; ++column) {
      if (stream_.column_name(column) != Peek().source) continue;
      ExprPart part;
      part.offset = Take().offset;
      part.expr.op = Op::kColumn;
      part.expr.column = column;
      part.expr.type = stream_.column_type(column);
      return part;
    }
    return UnknownField();
  }

  absl::Status UnknownField() const {
    const std::string_view name = Peek().source;
    for (size_t column = visible_columns_; column < stream_.column_count(); ++column) {
      if (stream_.column_name(column) != name) continue;
      return ExpressionErrorAt(text_, Peek().offset,
                               fmt::format("'{}', which is not derived yet", name),
                               "a declared field, or a derived one from further up");
    }
    std::vector<std::string_view> names;
    for (size_t column = 0; column < visible_columns_; ++column) {
      names.push_back(stream_.column_name(column));
    }
    return ExpressionErrorAt(text_, Peek().offset,
                             fmt::format("'{}', no field of stream '{}'", name, stream_.name),
                             DescribeChoices(name, names, "a field"));
  }

  absl::StatusOr<ExprPart> ParseLiteral() {
    const ExprToken& token = Peek();
    ExprPart part;
    part.offset = token.offset;
    if (token.kind == Kind::kString) {
      part.expr.op = Op::kString;
      part.expr.type = {TypeKind::kString, 0};
      part.expr.text = token.text;
    } else if (token.kind == Kind::kNumber) {
      if (!SetNumber(token.source, part.expr)) {
        return ErrorHere(fmt::format("a number of at most {} digits", kMaxExprScale));
      }
    } else if (token.kind == Kind::kWord && (token.source == "true" || token.source == "false")) {
      part.expr.op = Op::kBool;
      part.expr.type = {TypeKind::kBool, 0};
      part.expr.mantissa = token.source == "true" ? 1 : 0;
    } else {
      return ErrorHere(token.source == "null" ? "'is null' instead of a comparison"
                                              : "a field, a number or a string in single quotes");
    }
    Take();
    return part;
  }

  static bool SetNumber(std::string_view digits, Expr& expr) {
    while (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') digits.remove_prefix(1);
    const size_t point = digits.find('.');
    const size_t scale = point == std::string_view::npos ? 0 : digits.size() - point - 1;
    if (digits.size() - (scale > 0 ? 1 : 0) > kMaxExprScale) return false;
    expr.op = Op::kNumber;
    expr.type = {scale > 0 ? TypeKind::kDecimal : TypeKind::kInt, static_cast<uint8_t>(scale)};
    for (char c : digits) {
      if (c != '.') expr.mantissa = expr.mantissa * 10 + (c - '0');
    }
    return true;
  }

  std::string_view text_;
  const StreamPlan& stream_;
  size_t visible_columns_;
  std::vector<ExprToken> tokens_;
  size_t position_ = 0;  // never past kEnd, which nothing takes
  size_t nesting_ = 0;
  ExpressionTyper typer_;
};

absl::StatusOr<ExprPart> ParseAll(std::string_view text, const StreamPlan& stream,
                                  size_t visible_columns) {
  ONRUSH_ASSIGN_OR_RETURN(std::vector<ExprToken> tokens, TokenizeExpression(text));
  return Parser(text, stream, visible_columns, std::move(tokens)).ParseAll();
}

}  // namespace

absl::StatusOr<Expr> ParseExpression(std::string_view text, const StreamPlan& stream,
                                     size_t visible_columns) {
  ONRUSH_ASSIGN_OR_RETURN(ExprPart whole, ParseAll(text, stream, visible_columns));
  return std::move(whole.expr);
}

absl::StatusOr<Expr> ParseCondition(std::string_view text, const StreamPlan& stream,
                                    size_t visible_columns) {
  ONRUSH_ASSIGN_OR_RETURN(ExprPart whole, ParseAll(text, stream, visible_columns));
  return ExpressionTyper(text, stream).Condition(std::move(whole));
}

absl::StatusOr<Expr> ParseValue(std::string_view text, const StreamPlan& stream,
                                size_t visible_columns, ValueType target) {
  ONRUSH_ASSIGN_OR_RETURN(ExprPart whole, ParseAll(text, stream, visible_columns));
  return ExpressionTyper(text, stream).Value(std::move(whole), target);
}

ExpressionError SplitExpressionError(std::string_view message) {
  constexpr std::string_view kPrefix = "column ";
  ExpressionError error;
  message.remove_prefix(kPrefix.size());
  const auto number =
      std::from_chars(message.data(), message.data() + message.size(), error.column);
  message.remove_prefix(static_cast<size_t>(number.ptr - message.data()) + 2);
  error.text = message;
  return error;
}

}  // namespace onrush
