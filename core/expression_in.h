// Compiles `in (…)`.
#pragma once

#include <memory>

#include "core/expression.h"
#include "core/expression_nodes.h"

namespace onrush::expression {

// Requires: the op is kIn. A row costs a binary search in the list.
std::unique_ptr<Mask> BuildIn(const Expr& in);

}  // namespace onrush::expression
