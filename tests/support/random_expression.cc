#include <string>

#include "tests/support/random_case.h"

namespace onrush {
namespace {

// Grows a text from the grammar. Only what type checks comes out.
class ExpressionWriter {
 public:
  ExpressionWriter(const StreamPlan& stream, size_t columns, bool divide, RandomSource& random)
      : stream_(stream), columns_(columns), divide_(divide), random_(random) {}

  std::string Predicate(int depth) {
    if (depth == 0) return SimplePredicate();
    switch (random_.Below(5)) {
      case 0:
        return Predicate(depth - 1) + " and " + Predicate(depth - 1);
      case 1:
        return Predicate(depth - 1) + " or " + Predicate(depth - 1);
      case 2:
        return "not " + SimplePredicate();
      case 3:
        return "(" + Predicate(depth - 1) + ")";
      default:
        return SimplePredicate();
    }
  }

  std::string Arithmetic(int depth) {
    if (depth == 0) return Number();
    std::string op = random_.Pick<std::string>({" + ", " - ", "*", " / ", "-"});
    if (op == " / " && !divide_) op = " * ";
    const std::string text = Arithmetic(depth - 1) + op + Arithmetic(depth - 1);
    return random_.Percent(40) ? "(" + text + ")" : text;
  }

 private:
  // A column that `fits`, or "" if there is none.
  template <typename Fits>
  std::string Column(Fits fits) {
    std::vector<std::string> names;
    for (size_t i = 0; i < columns_; ++i) {
      if (fits(stream_.column_type(i))) names.push_back(stream_.column_name(i));
    }
    return names.empty() ? "" : random_.Pick(names);
  }
  std::string ColumnOf(TypeKind kind) {
    return Column([kind](ValueType type) { return type.kind == kind; });
  }

  std::string NumberLiteral() {
    return random_.Pick<std::string>({"0", "1", "2", "3", "10", "0.5", "1.25", "007", "100.0"});
  }
  std::string Number() {
    const std::string column = Column(IsNumber);
    std::string text = column.empty() || random_.Percent(35) ? NumberLiteral() : column;
    return random_.Percent(15) ? "-" + text : text;
  }

  std::string StringLiteral() {
    return random_.Pick<std::string>({"'a'", "'b'", "'c'", "'aa'", "''", "'x''y'", "'/p'", "'é'"});
  }
  std::string ComparisonSign() {
    return random_.Pick<std::string>({" = ", " != ", " < ", "<=", " > ", ">="});
  }

  std::string SimplePredicate() {
    switch (random_.Below(7)) {
      case 0:
        return Arithmetic(static_cast<int>(random_.Below(3))) + ComparisonSign() +
               Arithmetic(static_cast<int>(random_.Below(2)));
      case 1:
        return StringPredicate();
      case 2:
        return BoolPredicate();
      case 3:
        return Column([](ValueType) { return true; }) +
               random_.Pick<std::string>({" is null", " is not null"});
      case 4:
        return Arithmetic(1) + random_.Pick<std::string>({" is null", " is not null"});
      case 5:
        return Number() + " in (" + NumberLiteral() + ", -" + NumberLiteral() + ")";
      default:
        return Number() + ComparisonSign() + Number();
    }
  }

  std::string StringPredicate() {
    const std::string column = ColumnOf(TypeKind::kString);
    switch (random_.Below(3)) {
      case 0:
        return column + ComparisonSign() + StringLiteral();
      case 1:
        return column + " in (" + StringLiteral() + "," + StringLiteral() + ")";
      default:
        return "starts_with(" + column + ", " + StringLiteral() + ")";
    }
  }

  std::string BoolPredicate() {
    const std::string column = ColumnOf(TypeKind::kBool);
    if (column.empty()) return random_.Percent(50) ? "true" : "not false";
    return random_.Percent(50) ? column : column + " = false";
  }

  const StreamPlan& stream_;
  const size_t columns_;
  const bool divide_;
  RandomSource& random_;
};

}  // namespace

std::string RandomPredicate(const StreamPlan& stream, size_t columns, RandomSource& random) {
  const int depth = static_cast<int>(random.Below(3));
  return ExpressionWriter(stream, columns, true, random).Predicate(depth);
}

std::string RandomArithmetic(const StreamPlan& stream, size_t columns, bool divide,
                             RandomSource& random) {
  const int depth = static_cast<int>(random.Below(3));
  return ExpressionWriter(stream, columns, divide, random).Arithmetic(depth);
}

}  // namespace onrush
