// Which columns a block has.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/value.h"

namespace onrush {

struct BlockColumn {
  std::string name;  // any bytes; mostly UTF-8
  ValueType type;
  friend bool operator==(const BlockColumn&, const BlockColumn&) = default;
};

struct BlockSchema {
  std::vector<BlockColumn> columns;
  std::optional<size_t> time_column;  // of type timestamp; whose range block headers tell

  // At least one column, names that differ, a time column that is there and a timestamp, and what
  // fits the format: kInvalidArgument says which of these fails.
  absl::Status Validate() const;

  // The column of that name, or nothing.
  std::optional<size_t> Find(std::string_view name) const;

  friend bool operator==(const BlockSchema&, const BlockSchema&) = default;
};

// Requires: a valid schema.
void AppendSchema(const BlockSchema& schema, std::string& out);

// Fails with kDataLoss if `bytes` are not exactly a valid schema.
absl::StatusOr<BlockSchema> ReadSchema(std::string_view bytes);

}  // namespace onrush
