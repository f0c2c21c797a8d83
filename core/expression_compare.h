// Compiles `= != < <= > >=`.
#pragma once

#include <memory>

#include "core/expression.h"
#include "core/expression_nodes.h"

namespace onrush::expression {

// Requires: op is a comparison of operands that the parser lets compare.
std::unique_ptr<Mask> BuildComparison(Expr::Op op, const Expr& left, const Expr& right);

}  // namespace onrush::expression
