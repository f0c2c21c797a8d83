// Compiles the conditions of expressions.
#pragma once

#include <memory>

#include "core/expression.h"
#include "core/expression_nodes.h"

namespace onrush::expression {

// Requires: a bool.
std::unique_ptr<Mask> BuildMask(const Expr& expr);

}  // namespace onrush::expression
