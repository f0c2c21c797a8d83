#include "core/expression_masks.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "core/expression_compare.h"
#include "core/expression_in.h"
#include "core/expression_values.h"

namespace onrush::expression {
namespace {

using Op = Expr::Op;

class ConstantMask final : public Mask {
 public:
  explicit ConstantMask(bool value) : value_(value) {}
  void Run(const Chunk& chunk, uint8_t* out) override { std::memset(out, value_, chunk.count); }

 private:
  bool value_;
};

class NotMask final : public Mask {
 public:
  explicit NotMask(std::unique_ptr<Mask> operand) : operand_(std::move(operand)) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    operand_->Run(chunk, out);
    for (size_t i = 0; i < chunk.count; ++i) out[i] ^= 1;
  }

 private:
  std::unique_ptr<Mask> operand_;
};

template <Op op>
class LogicMask final : public Mask {
 public:
  LogicMask(std::unique_ptr<Mask> left, std::unique_ptr<Mask> right)
      : left_(std::move(left)), right_(std::move(right)) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    left_->Run(chunk, out);
    right_->Run(chunk, right_bytes_.data());
    for (size_t i = 0; i < chunk.count; ++i) {
      if constexpr (op == Op::kAnd) out[i] &= right_bytes_[i];
      if constexpr (op == Op::kOr) out[i] |= right_bytes_[i];
    }
  }

 private:
  std::unique_ptr<Mask> left_;
  std::unique_ptr<Mask> right_;
  std::array<uint8_t, kChunkRows> right_bytes_ = {};
};

class NullMask final : public Mask {
 public:
  NullMask(std::unique_ptr<Operand> operand, bool want_null)
      : operand_(std::move(operand)), flip_(want_null ? 0 : 1) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    operand_->Run(chunk);
    const uint8_t* nulls = operand_->nulls();
    for (size_t i = 0; i < chunk.count; ++i) out[i] = nulls[i] ^ flip_;
  }

 private:
  std::unique_ptr<Operand> operand_;
  uint8_t flip_;
};

// A bool column.
class ColumnMask final : public Mask {
 public:
  explicit ColumnMask(size_t column) : column_(column) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    const Column& column = chunk.batch.columns[column_];
    const int64_t* values = column.ints.data() + chunk.begin;
    const uint8_t* nulls = column.nulls.data() + chunk.begin;
    for (size_t i = 0; i < chunk.count; ++i) {
      out[i] = static_cast<uint8_t>((values[i] != 0) & (nulls[i] == 0));
    }
  }

 private:
  size_t column_;
};

class StartsWithMask final : public Mask {
 public:
  StartsWithMask(std::unique_ptr<Values<std::string_view>> operand,
                 std::unique_ptr<Values<std::string_view>> prefix)
      : operand_(std::move(operand)), prefix_(std::move(prefix)) {}
  void Run(const Chunk& chunk, uint8_t* out) override {
    operand_->Run(chunk);
    prefix_->Run(chunk);
    const uint8_t* bad = chunk.bad();
    for (size_t i = 0; i < chunk.count; ++i) {
      const bool absent = (operand_->nulls()[i] | prefix_->nulls()[i] | bad[i]) != 0;
      out[i] = !absent && operand_->values()[i].starts_with(prefix_->values()[i]);
    }
  }

 private:
  std::unique_ptr<Values<std::string_view>> operand_;
  std::unique_ptr<Values<std::string_view>> prefix_;
};

}  // namespace

std::unique_ptr<Mask> BuildMask(const Expr& expr) {
  ONRUSH_CHECK(expr.type.kind == TypeKind::kBool);
  const auto& operands = expr.operands;
  switch (expr.op) {
    case Op::kColumn:
      return std::make_unique<ColumnMask>(expr.column);
    case Op::kBool:
      return std::make_unique<ConstantMask>(expr.mantissa != 0);
    case Op::kAnd:
      return std::make_unique<LogicMask<Op::kAnd>>(BuildMask(operands[0]), BuildMask(operands[1]));
    case Op::kOr:
      return std::make_unique<LogicMask<Op::kOr>>(BuildMask(operands[0]), BuildMask(operands[1]));
    case Op::kNot:
      return std::make_unique<NotMask>(BuildMask(operands[0]));
    case Op::kIn:
      return BuildIn(expr);
    case Op::kStartsWith:
      return std::make_unique<StartsWithMask>(BuildString(operands[0]), BuildString(operands[1]));
    case Op::kIsNull:
    case Op::kIsNotNull:
      return std::make_unique<NullMask>(BuildOperand(operands[0]), expr.op == Op::kIsNull);
    default:
      return BuildComparison(expr.op, operands[0], operands[1]);
  }
}

}  // namespace onrush::expression
