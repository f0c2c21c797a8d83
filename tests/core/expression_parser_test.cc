#include "core/expression_parser.h"

#include <string>
#include <vector>

#include "core/int128.h"
#include "doctest/doctest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

StreamPlan Movements() {
  StreamPlan stream;
  stream.name = "movements";
  stream.fields = {{"ts", {TypeKind::kTimestamp, 0}},  {"sku", {TypeKind::kString, 0}},
                   {"kind", {TypeKind::kString, 0}},   {"quantity", {TypeKind::kInt, 0}},
                   {"price", {TypeKind::kDecimal, 3}}, {"weight", {TypeKind::kFloat, 0}},
                   {"paid", {TypeKind::kBool, 0}},     {"user.id", {TypeKind::kInt, 0}},
                   {"tiny", {TypeKind::kDecimal, 18}}};
  stream.derived = {{"revenue", {TypeKind::kDecimal, 3}, {}}};
  return stream;
}

std::string_view OpName(Expr::Op op) {
  constexpr std::string_view kNames[] = {
      "column", "number", "string", "bool", "timestamp",   "neg",     "+",          "-",
      "*",      "/",      "=",      "!=",   "<",           "<=",      ">",          ">=",
      "and",    "or",     "not",    "in",   "starts_with", "is_null", "is_not_null"};
  return kNames[static_cast<size_t>(op)];
}

// (= quantity 3): the tree, as Lisp would have it.
std::string Print(const Expr& expr, const StreamPlan& stream) {
  std::string out;
  switch (expr.op) {
    case Expr::Op::kColumn:
      return stream.column_name(expr.column);
    case Expr::Op::kNumber:
      AppendDecimal(expr.mantissa, expr.type.scale, out);
      return out;
    case Expr::Op::kString:
      return fmt::format("'{}'", expr.text);
    case Expr::Op::kBool:
      return expr.mantissa != 0 ? "true" : "false";
    case Expr::Op::kTimestamp:
      return fmt::format("@{}", static_cast<int64_t>(expr.mantissa));
    default:
      out = fmt::format("({}", OpName(expr.op));
      for (const Expr& operand : expr.operands) out += " " + Print(operand, stream);
      return out + ")";
  }
}

std::string Tree(std::string_view text) {
  const StreamPlan stream = Movements();
  const absl::StatusOr<Expr> expr = ParseExpression(text, stream, stream.fields.size());
  return expr.ok() ? Print(*expr, stream) : std::string(expr.status().message());
}

std::string ConditionError(std::string_view text) {
  const StreamPlan stream = Movements();
  const absl::StatusOr<Expr> expr = ParseCondition(text, stream, stream.fields.size());
  return expr.ok() ? "no error" : std::string(expr.status().message());
}

std::string ValueError(std::string_view text, ValueType type) {
  const StreamPlan stream = Movements();
  const absl::StatusOr<Expr> expr = ParseValue(text, stream, stream.fields.size(), type);
  return expr.ok() ? "no error" : std::string(expr.status().message());
}

struct TextCase {
  std::string_view text;
  std::string_view result;
};

std::string Repeat(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_SUITE("core/expression_parser") {
  TEST_CASE("operators bind as the contract says") {
    const std::vector<TextCase> cases = {
        {"paid or paid and paid", "(or paid (and paid paid))"},
        {"paid and not paid or paid", "(or (and paid (not paid)) paid)"},
        {"not quantity = 3", "(not (= quantity 3))"},
        {"not paid and paid", "(and (not paid) paid)"},
        {"not not paid", "(not (not paid))"},
        {"quantity + 1 * 2 = 3 - 4 / 5", "(= (+ quantity (* 1 2)) (- 3 (/ 4 5)))"},
        {"quantity - 1 - 2", "(- (- quantity 1) 2)"},
        {"quantity / 2 * 3", "(* (/ quantity 2) 3)"},
        {"-quantity * 2", "(* (neg quantity) 2)"},
        {"- -quantity", "(neg (neg quantity))"},
        {"2 - -3", "(- 2 -3)"},
        {"(quantity + 1) * 2", "(* (+ quantity 1) 2)"},
        {"(paid or paid) and paid", "(and (or paid paid) paid)"},
        {"quantity + 1 in (1, -2.5)", "(in (+ quantity 1) 1 -2.5)"},
        {"quantity * 2 is not null and paid", "(and (is_not_null (* quantity 2)) paid)"},
        {"not sku is null", "(not (is_null sku))"},
        {"(quantity = 1) = paid", "(= (= quantity 1) paid)"},
    };
    for (const TextCase& c : cases) {
      CAPTURE(c.text);
      CHECK(Tree(c.text) == c.result);
    }
  }

  TEST_CASE("literals, names and functions are read as written") {
    const std::vector<TextCase> cases = {
        {"kind = 'it''s'", "(= kind 'it's')"},
        {"kind = ''", "(= kind '')"},
        {"kind\n=\t'é'", "(= kind 'é')"},
        {"kind in ('a','b')", "(in kind 'a' 'b')"},
        {"starts_with(sku, 'x')", "(starts_with sku 'x')"},
        {"user.id != 007", "(!= user.id 7)"},
        {"price >= 0.50", "(>= price 0.50)"},
        {"true", "true"},
        {"paid = false", "(= paid false)"},
        {"weight<=1", "(<= weight 1)"},
        {"ts > '1970-01-01T00:00:01Z'", "(> ts @1000000000)"},
        {"'1970-01-01T00:00:01+00:00' < ts", "(< @1000000000 ts)"},
        {"ts in ('1970-01-01T00:00:00Z')", "(in ts @0)"},
        {"quantity = 123456789012345678901234567890123456",
         "(= quantity 123456789012345678901234567890123456)"},
    };
    for (const TextCase& c : cases) {
      CAPTURE(c.text);
      CHECK(Tree(c.text) == c.result);
    }
  }

  TEST_CASE("arithmetic is typed by what its exact result needs") {
    const StreamPlan stream = Movements();
    const auto type = [&](std::string_view text) {
      return ParseExpression(text, stream, stream.fields.size())->type;
    };
    CHECK(type("quantity + 1") == ValueType{TypeKind::kInt, 0});
    CHECK(type("quantity * price") == ValueType{TypeKind::kDecimal, 3});
    CHECK(type("price * price + 1") == ValueType{TypeKind::kDecimal, 6});
    CHECK(type("-price") == ValueType{TypeKind::kDecimal, 3});
    CHECK(type("quantity / 2") == ValueType{TypeKind::kDecimal, kFractionScale});
    CHECK(type("1 + quantity / 2") == ValueType{TypeKind::kDecimal, kFractionScale});
    CHECK(type("price * weight") == ValueType{TypeKind::kFloat, 0});
    CHECK(type("quantity / weight") == ValueType{TypeKind::kFloat, 0});
    CHECK(type("tiny * tiny") == ValueType{TypeKind::kDecimal, 36});
  }

  TEST_CASE("an error tells its column, what was found and what would be right") {
    const std::vector<TextCase> cases = {
        {"",
         "column 1: found the end; would be right: a field, a number or a string in single "
         "quotes"},
        {"knd = 'sale'",
         "column 1: found 'knd', no field of stream 'movements'; would be right: 'kind'"},
        {"paid and zzz",
         "column 10: found 'zzz', no field of stream 'movements'; would be right: one of 'ts', "
         "'sku', 'kind', 'quantity', 'price', 'weight', 'paid', 'user.id', 'tiny'"},
        {"revenue > 3",
         "column 1: found 'revenue', which is not derived yet; would be right: a declared field, "
         "or a derived one from further up"},
        {"kind = 3",
         "column 8: found the number 3, compared with 'kind', a string; would be right: a string "
         "(a literal stands in single quotes)"},
        {"quantity = 'a'",
         "column 12: found the string 'a', compared with 'quantity', an int; would be right: a "
         "number"},
        {"quantity < paid",
         "column 12: found 'paid', a bool, compared with 'quantity', an int; would be right: a "
         "number"},
        {"quantity + 1 = paid",
         "column 16: found 'paid', a bool, compared with a number; would be right: a number"},
        {"paid = 1",
         "column 8: found the number 1, compared with 'paid', a bool; would be right: true, false "
         "or a condition"},
        {"ts > 3",
         "column 6: found the number 3, compared with 'ts', a timestamp; would be right: an "
         "instant such as '2024-01-31T08:00:00Z'"},
        {"ts > 'yesterday'",
         "column 6: found the string 'yesterday'; would be right: an instant such as "
         "'2024-01-31T08:00:00Z'"},
        {"ts = kind",
         "column 6: found 'kind', a string, compared with 'ts', a timestamp; would be right: an "
         "instant such as '2024-01-31T08:00:00Z'"},
        {"kind + 1 > 2",
         "column 1: found 'kind', a string in arithmetic; would be right: a "
         "number"},
        {"2 * -ts > 2",
         "column 6: found 'ts', a timestamp in arithmetic; would be right: a number"},
        {"paid and quantity",
         "column 10: found 'quantity', an int; would be right: a condition, such as a comparison "
         "or a field of type bool"},
        {"not 'x'",
         "column 5: found the string 'x'; would be right: a condition, such as a comparison or a "
         "field of type bool"},
        {"quantity",
         "column 1: found 'quantity', an int; would be right: a condition, such as a comparison "
         "or a field of type bool"},
        {"quantity in (1, 'a')",
         "column 17: found the string 'a' in a list for 'quantity', an int; would be right: a "
         "number"},
        {"kind in (sku)",
         "column 10: found 'sku'; would be right: a number or a string in single quotes"},
        {"quantity in (-'a')", "column 15: found ''a''; would be right: a number"},
        {"quantity in ()",
         "column 14: found ')'; would be right: a number or a string in single quotes"},
        {"quantity in (1 2)", "column 16: found '2'; would be right: ',' or ')'"},
        {"paid in (1)",
         "column 1: found 'paid', a bool before 'in'; would be right: a string, a number or a "
         "timestamp"},
        {"starts_with(quantity, 'x')",
         "column 13: found 'quantity', an int in starts_with; would be right: a string (a literal "
         "stands in single quotes)"},
        {"starts_with(sku)", "column 16: found ')'; would be right: ','"},
        {"kind = null",
         "column 8: found 'null'; would be right: 'is null' instead of a "
         "comparison"},
        {"kind is nul", "column 9: found 'nul'; would be right: 'null'"},
        {"kind == 'a'", "column 6: found '=='; would be right: '='"},
        {"kind <> 'a'", "column 6: found '<>'; would be right: '!='"},
        {"paid && paid", "column 6: found '&&'; would be right: 'and'"},
        {"!paid", "column 1: found '!'; would be right: 'not', or '!='"},
        {"kind = \"a\"", "column 8: found '\"'; would be right: a string in single quotes"},
        {"kind = 'é' AND paid", "column 12: found 'AND'; would be right: 'and'"},
        {"kind = 'a",
         "column 8: found a string that is not closed; would be right: a single "
         "quote at its end"},
        {"(paid", "column 6: found the end; would be right: an operator or ')'"},
        {"paid)", "column 5: found ')'; would be right: an operator or the end"},
        {"quantity = 1 = 2",
         "column 14: found '='; would be right: 'and', 'or' or the end after "
         "a comparison"},
        {"quantity = 1 is null",
         "column 14: found 'is'; would be right: 'and', 'or' or the end "
         "after a comparison"},
        {"quantity = 1e3", "column 12: found '1e3'; would be right: a number such as 12 or 0.5"},
        {"quantity = 1.", "column 12: found '1.'; would be right: a number such as 12 or 0.5"},
        {"quantity = 1.2.3",
         "column 12: found '1.2.3'; would be right: a number such as 12 or 0.5"},
        {"quantity = .5",
         "column 12: found '.'; would be right: a field, an operator, a number or "
         "a string in single quotes"},
        {"quantity = 1234567890123456789012345678901234567",
         "column 12: found '1234567890123456789012345678901234567'; would be right: a number of "
         "at most 36 digits"},
        {"quantity % 2 = 0",
         "column 10: found '%'; would be right: a field, an operator, a "
         "number or a string in single quotes"},
        {"quantity = €",
         "column 12: found '€'; would be right: a field, an operator, a number or "
         "a string in single quotes"},
        {"quantity = not 1",
         "column 12: found 'not'; would be right: a field, a number or a string in single quotes"},
        {"tiny * tiny * price > 1",
         "column 1: found a product with 39 digits after the point; would be right: at most 36"},
    };
    for (const TextCase& c : cases) {
      CAPTURE(c.text);
      CHECK(ConditionError(c.text) == c.result);
    }
  }

  TEST_CASE("a value has the type of its column, and any number goes into a numeric one") {
    CHECK(ValueError("quantity * price", {TypeKind::kDecimal, 2}) == "no error");
    CHECK(ValueError("weight / 2", {TypeKind::kInt, 0}) == "no error");
    CHECK(ValueError("quantity", {TypeKind::kFloat, 0}) == "no error");
    CHECK(ValueError("kind", {TypeKind::kString, 0}) == "no error");
    CHECK(ValueError("quantity > 1", {TypeKind::kBool, 0}) == "no error");
    CHECK(ValueError("'2024-01-01T00:00:00Z'", {TypeKind::kTimestamp, 0}) == "no error");
    CHECK(ValueError("quantity", {TypeKind::kString, 0}) ==
          "column 1: found 'quantity', an int for a string; would be right: a string (a literal "
          "stands in single quotes)");
    CHECK(ValueError("quantity + 1", {TypeKind::kTimestamp, 0}) ==
          "column 1: found a number for a timestamp; would be right: an instant such as "
          "'2024-01-31T08:00:00Z'");
    CHECK(ValueError("paid", {TypeKind::kInt, 0}) ==
          "column 1: found 'paid', a bool for an int; would be right: a number");
    CHECK(ValueError("1", {TypeKind::kBool, 0}) ==
          "column 1: found the number 1 for a bool; would be right: true, false or a condition");
  }

  TEST_CASE("an expression that nests too deeply is refused, not followed") {
    const std::string deep = "more than 200 levels of";
    CHECK(ConditionError(Repeat("(", 100'000)).find(deep) != std::string::npos);
    CHECK(ConditionError(Repeat("not ", 100'000)).find(deep) != std::string::npos);
    CHECK(ConditionError(Repeat("- ", 100'000)).find(deep) != std::string::npos);
    CHECK(ConditionError("paid" + Repeat(" or paid", 100'000)).find(deep) != std::string::npos);
    CHECK(ConditionError(Repeat("starts_with(", 100'000)).find(deep) != std::string::npos);
    CHECK(ConditionError(Repeat("(", 199) + "paid" + Repeat(")", 199)) == "no error");
    CHECK(ConditionError("paid" + Repeat(" or paid", 199)) == "no error");
    CHECK(ConditionError("paid" + Repeat(" or paid", 200)).find(deep) != std::string::npos);
  }

  TEST_CASE("an error comes apart into its column and its text") {
    const ExpressionError error = SplitExpressionError("column 12: found x; would be right: y");
    CHECK(error.column == 12);
    CHECK(error.text == "found x; would be right: y");
  }
}

}  // namespace
}  // namespace onrush
