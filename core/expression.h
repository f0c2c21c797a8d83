// The typed form of `where` and `derive` expressions: plain data, as the parser leaves it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/int128.h"
#include "core/value.h"

namespace onrush {

// Exact arithmetic is typed by the digits that its result can have after the point: int for none,
// else decimal of up to kMaxExprScale. What contains an exact division is a fraction: it carries
// kFractionScale instead.
inline constexpr uint8_t kMaxExprScale = 36;
inline constexpr uint8_t kFractionScale = 255;

// Levels of nesting in an expression that the parser makes, so that walking it is safe.
inline constexpr size_t kMaxExprDepth = 200;

struct Expr {
  enum class Op : uint8_t {
    kColumn,     // value of `column`
    kNumber,     // exact literal: mantissa · 10^-type.scale
    kString,     // `text`
    kBool,       // mantissa is 0 or 1
    kTimestamp,  // mantissa is nanoseconds; a string literal beside a timestamp becomes this
    kNegate,     // one operand, as kNot, kIsNull and kIsNotNull
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kAnd,
    kOr,
    kNot,
    kIn,          // operands[0] is any of operands[1…], which are literals
    kStartsWith,  // operands[0] begins with operands[1], both strings
    kIsNull,
    kIsNotNull,
  };

  Op op = Op::kBool;
  std::vector<Expr> operands;
  size_t column = 0;    // kColumn: position among the stream's columns
  Int128 mantissa = 0;  // kNumber, kBool, kTimestamp
  std::string text;     // kString
  ValueType type;  // of a column or a literal; logic is kBool; arithmetic: see expression_eval.h
};

// An expression and the text that it was read from.
struct ExprPlan {
  std::string text;
  Expr root;
};

}  // namespace onrush
