// Writes the values of a derived field into its column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/event_batch.h"
#include "core/expression.h"
#include "core/expression_nodes.h"

namespace onrush::expression {

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Fills the chunk's rows of `out`. Sets misfit[i] to 1 where a value is there, but not one that
  // the column can hold.
  virtual void Run(const Chunk& chunk, Column& out, uint8_t* misfit) = 0;

  // Appends the value of row `i` of the last chunk, for the message about a misfit.
  virtual void AppendValue(size_t i, std::string& out) const = 0;
};

// Requires: `expr` comes from ParseValue() for `type`.
std::unique_ptr<Store> BuildStore(const Expr& expr, ValueType type);

}  // namespace onrush::expression
