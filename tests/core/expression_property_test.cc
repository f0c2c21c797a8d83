// Random expressions against an evaluator that walks a tree for one row, in reduced fractions.
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/expression_eval.h"
#include "core/expression_parser.h"
#include "doctest/doctest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

// A fraction in lowest terms; the generator keeps it small enough.
struct Fraction {
  Int128 top = 0;
  Int128 bottom = 1;

  static Fraction Of(Int128 top, Int128 bottom) {
    Int128 a = top < 0 ? -top : top;
    Int128 b = bottom < 0 ? -bottom : bottom;
    while (b != 0) std::swap(a %= b, b);
    if (bottom < 0) a = -a;
    return {top / a, bottom / a};
  }
};

using Number = std::optional<Fraction>;

constexpr Int128 kTooLarge = Int128{1} << 60;

struct TooLarge {};

// What the model makes of an expression for one row.
struct RowValues {
  std::optional<int64_t> i, j, d;  // d counts tenths
  std::optional<std::string> s;
};

class Node {
 public:
  virtual ~Node() = default;
  virtual std::string Text() const = 0;
};

class NumberNode : public Node {
 public:
  virtual Number Value(const RowValues& row) const = 0;
};

class ConditionNode : public Node {
 public:
  virtual bool Value(const RowValues& row) const = 0;
};

class ColumnNode : public NumberNode {
 public:
  explicit ColumnNode(char name) : name_(name) {}
  std::string Text() const override { return std::string(1, name_); }
  Number Value(const RowValues& row) const override {
    const auto& value = name_ == 'i' ? row.i : (name_ == 'j' ? row.j : row.d);
    if (!value) return std::nullopt;
    return Fraction::Of(*value, name_ == 'd' ? 10 : 1);
  }

 private:
  char name_;
};

class LiteralNode : public NumberNode {
 public:
  explicit LiteralNode(int tenths) : tenths_(tenths) {}
  std::string Text() const override {
    return fmt::format("{}{}.{}", tenths_ < 0 ? "-" : "", std::abs(tenths_) / 10,
                       std::abs(tenths_) % 10);
  }
  Number Value(const RowValues&) const override { return Fraction::Of(tenths_, 10); }

 private:
  int tenths_;
};

class ArithmeticNode : public NumberNode {
 public:
  ArithmeticNode(char op, std::unique_ptr<NumberNode> left, std::unique_ptr<NumberNode> right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  std::string Text() const override {
    return fmt::format("({} {} {})", left_->Text(), op_, right_->Text());
  }
  Number Value(const RowValues& row) const override {
    const Number a = left_->Value(row);
    const Number b = right_->Value(row);
    if (!a || !b) return std::nullopt;
    const Number result = Apply(*a, *b);
    if (result &&
        (result->top > kTooLarge || result->top < -kTooLarge || result->bottom > kTooLarge)) {
      throw TooLarge();
    }
    return result;
  }

 private:
  Number Apply(const Fraction& a, const Fraction& b) const {
    switch (op_) {
      case '+':
        return Fraction::Of(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
      case '-':
        return Fraction::Of(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
      case '*':
        return Fraction::Of(a.top * b.top, a.bottom * b.bottom);
      default:
        if (b.top == 0) return std::nullopt;
        return Fraction::Of(a.top * b.bottom, a.bottom * b.top);
    }
  }

  char op_;
  std::unique_ptr<NumberNode> left_, right_;
};

class NegateNode : public NumberNode {
 public:
  explicit NegateNode(std::unique_ptr<NumberNode> operand) : operand_(std::move(operand)) {}
  std::string Text() const override { return "- " + operand_->Text(); }
  Number Value(const RowValues& row) const override {
    const Number value = operand_->Value(row);
    if (!value) return std::nullopt;
    return Fraction{-value->top, value->bottom};
  }

 private:
  std::unique_ptr<NumberNode> operand_;
};

bool Outcome(std::string_view op, int order) {
  if (op == "=") return order == 0;
  if (op == "!=") return order != 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

class CompareNode : public ConditionNode {
 public:
  CompareNode(std::string op, std::unique_ptr<NumberNode> left, std::unique_ptr<NumberNode> right)
      : op_(std::move(op)), left_(std::move(left)), right_(std::move(right)) {}
  std::string Text() const override {
    return fmt::format("{} {} {}", left_->Text(), op_, right_->Text());
  }
  bool Value(const RowValues& row) const override {
    const Number a = left_->Value(row);
    const Number b = right_->Value(row);
    if (!a || !b) return false;
    const Int128 left = a->top * b->bottom;
    const Int128 right = b->top * a->bottom;
    return Outcome(op_, (left > right) - (left < right));
  }

 private:
  std::string op_;
  std::unique_ptr<NumberNode> left_, right_;
};

class InNode : public ConditionNode {
 public:
  InNode(std::unique_ptr<NumberNode> operand, std::vector<int> tenths)
      : operand_(std::move(operand)), tenths_(std::move(tenths)) {}
  std::string Text() const override {
    std::string text = operand_->Text() + " in (";
    for (size_t i = 0; i < tenths_.size(); ++i) {
      text += (i == 0 ? "" : ", ") + LiteralNode(tenths_[i]).Text();
    }
    return text + ")";
  }
  bool Value(const RowValues& row) const override {
    const Number value = operand_->Value(row);
    if (!value) return false;
    for (int tenths : tenths_) {
      if (value->top * 10 == tenths * value->bottom) return true;
    }
    return false;
  }

 private:
  std::unique_ptr<NumberNode> operand_;
  std::vector<int> tenths_;
};

class NullTestNode : public ConditionNode {
 public:
  NullTestNode(std::unique_ptr<NumberNode> operand, bool want_null)
      : operand_(std::move(operand)), want_null_(want_null) {}
  std::string Text() const override {
    return operand_->Text() + (want_null_ ? " is null" : " is not null");
  }
  bool Value(const RowValues& row) const override {
    return operand_->Value(row).has_value() != want_null_;
  }

 private:
  std::unique_ptr<NumberNode> operand_;
  bool want_null_;
};

class StringNode : public ConditionNode {
 public:
  StringNode(std::string op, std::string literal)
      : op_(std::move(op)), literal_(std::move(literal)) {}
  std::string Text() const override {
    if (op_ == "starts_with") return fmt::format("starts_with(s, '{}')", literal_);
    return fmt::format("s {} '{}'", op_, literal_);
  }
  bool Value(const RowValues& row) const override {
    if (!row.s) return false;
    if (op_ == "starts_with") return row.s->starts_with(literal_);
    return Outcome(op_, row.s->compare(literal_));
  }

 private:
  std::string op_;
  std::string literal_;
};

class LogicNode : public ConditionNode {
 public:
  LogicNode(std::string op, std::unique_ptr<ConditionNode> left,
            std::unique_ptr<ConditionNode> right)
      : op_(std::move(op)), left_(std::move(left)), right_(std::move(right)) {}
  std::string Text() const override {
    if (op_ == "not") return fmt::format("not ({})", left_->Text());
    return fmt::format("({}) {} ({})", left_->Text(), op_, right_->Text());
  }
  bool Value(const RowValues& row) const override {
    // Both sides always, as the engine does: TooLarge must not hide.
    const bool left = left_->Value(row);
    const bool right = right_->Value(row);
    if (op_ == "not") return !left;
    return op_ == "and" ? left && right : left || right;
  }

 private:
  std::string op_;
  std::unique_ptr<ConditionNode> left_, right_;
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  int Pick(int choices) { return static_cast<int>(random_() % static_cast<uint64_t>(choices)); }

  std::unique_ptr<NumberNode> MakeNumber(int depth) {
    const int choice = depth == 0 ? Pick(2) : Pick(8);
    if (choice == 0) return std::make_unique<ColumnNode>("ijd"[Pick(3)]);
    if (choice == 1) return std::make_unique<LiteralNode>(Pick(80) - 40);
    if (choice == 2) return std::make_unique<NegateNode>(MakeNumber(depth - 1));
    auto left = MakeNumber(depth - 1);
    return std::make_unique<ArithmeticNode>("+-*/"[Pick(4)], std::move(left),
                                            MakeNumber(depth - 1));
  }

  std::unique_ptr<ConditionNode> MakeCondition(int depth) {
    static const std::vector<std::string> kComparisons = {"=", "!=", "<", "<=", ">", ">="};
    const std::string comparison = kComparisons[static_cast<size_t>(Pick(6))];
    switch (depth == 0 ? Pick(6) : Pick(10)) {
      case 0:
        return std::make_unique<NullTestNode>(MakeNumber(2), Pick(2) == 0);
      case 1:
        return std::make_unique<InNode>(MakeNumber(Pick(2)),
                                        std::vector<int>{Pick(40) - 20, 10 * Pick(5), 0});
      case 2:
        return std::make_unique<StringNode>(Pick(2) == 0 ? comparison : "starts_with",
                                            std::string(static_cast<size_t>(Pick(3)), 'a'));
      case 3:
      case 4:
      case 5: {
        auto left = MakeNumber(Pick(4));
        return std::make_unique<CompareNode>(comparison, std::move(left), MakeNumber(Pick(3)));
      }
      default: {
        static const std::vector<std::string> kLogic = {"and", "or", "not"};
        auto left = MakeCondition(depth - 1);
        return std::make_unique<LogicNode>(kLogic[static_cast<size_t>(Pick(3))], std::move(left),
                                           MakeCondition(depth - 1));
      }
    }
  }

  RowValues MakeRow() {
    RowValues row;
    if (Pick(6) != 0) row.i = Pick(9) - 4;
    if (Pick(6) != 0) row.j = Pick(9) - 4;
    if (Pick(6) != 0) row.d = Pick(41) - 20;
    if (Pick(6) != 0) row.s = std::string(static_cast<size_t>(Pick(3)), "ab"[Pick(2)]);
    return row;
  }

 private:
  std::mt19937_64 random_;
};

StreamPlan SmallStream() {
  StreamPlan stream;
  stream.name = "small";
  stream.fields = {{"ts", {TypeKind::kTimestamp, 0}},
                   {"i", {TypeKind::kInt, 0}},
                   {"j", {TypeKind::kInt, 0}},
                   {"d", {TypeKind::kDecimal, 1}},
                   {"s", {TypeKind::kString, 0}}};
  return stream;
}

void FillRow(EventBatch& batch, size_t r, const RowValues& row) {
  const std::optional<int64_t>* numbers[] = {&row.i, &row.j, &row.d};
  for (size_t c = 0; c < 3; ++c) {
    batch.columns[c + 1].nulls[r] = *numbers[c] ? 0 : 1;
    batch.columns[c + 1].ints[r] = numbers[c]->value_or(77);
  }
  batch.columns[4].nulls[r] = row.s ? 0 : 1;
  if (row.s) batch.columns[4].strings[r] = *row.s;
  batch.size = r + 1;
}

// What a derived decimal(3) column must show.
std::string Expected(const Number& value) {
  if (!value) return "null";
  if (value->top * 1000 % value->bottom != 0) return "bad";
  std::string out;
  AppendDecimal(value->top * 1000 / value->bottom, 3, out);
  return out;
}

constexpr size_t kRows = 40;

TEST_SUITE("core/expression_eval") {
  TEST_CASE("random conditions hold for the rows that the model names") {
    const StreamPlan stream = SmallStream();
    size_t compared = 0;
    for (uint64_t seed = 0; seed < 3000; ++seed) {
      Generator generator(seed);
      const auto condition = generator.MakeCondition(3);
      const std::string text = condition->Text();
      CAPTURE(seed);
      CAPTURE(text);
      const absl::StatusOr<Expr> expr = ParseCondition(text, stream, stream.fields.size());
      REQUIRE_MESSAGE(expr.ok(), expr.status().message());
      std::vector<RowValues> rows(kRows);
      EventBatch batch(stream, 0, kRows);
      for (size_t r = 0; r < kRows; ++r) {
        rows[r] = generator.MakeRow();
        FillRow(batch, r, rows[r]);
      }
      std::vector<uint8_t> mask(kRows);
      Predicate(*expr).Evaluate(batch, mask);
      for (size_t r = 0; r < kRows; ++r) {
        try {
          const bool holds = condition->Value(rows[r]);
          CHECK((mask[r] == 1) == holds);
          ++compared;
        } catch (const TooLarge&) {
        }
      }
    }
    CHECK(compared > 3000 * kRows * 9 / 10);
  }

  TEST_CASE("random derived decimals are what the model computes, or bad where it does not fit") {
    const ValueType mils = {TypeKind::kDecimal, 3};
    size_t compared = 0;
    for (uint64_t seed = 0; seed < 3000; ++seed) {
      Generator generator(seed);
      const auto number = generator.MakeNumber(4);
      const std::string text = number->Text();
      CAPTURE(seed);
      CAPTURE(text);
      StreamPlan stream = SmallStream();
      absl::StatusOr<Expr> expr = ParseValue(text, stream, stream.fields.size(), mils);
      REQUIRE_MESSAGE(expr.ok(), expr.status().message());
      stream.derived.push_back({"x", mils, {text, std::move(*expr)}});
      std::vector<RowValues> rows(kRows);
      EventBatch batch(stream, 0, kRows);
      for (size_t r = 0; r < kRows; ++r) {
        rows[r] = generator.MakeRow();
        FillRow(batch, r, rows[r]);
      }
      Derivation(stream, 0).Apply(batch);
      const Column& column = batch.columns.back();
      for (size_t r = 0; r < kRows; ++r) {
        try {
          const std::string expected = Expected(number->Value(rows[r]));
          std::string actual = batch.bad[r] != 0 ? "bad" : (column.nulls[r] != 0 ? "null" : "");
          if (actual.empty()) AppendDecimal(column.ints[r], 3, actual);
          CHECK(actual == expected);
          ++compared;
        } catch (const TooLarge&) {
        }
      }
    }
    CHECK(compared > 3000 * kRows * 9 / 10);
  }
}

}  // namespace
}  // namespace onrush
