#include "core/block/block_schema.h"

#include <algorithm>

#include "core/block/block_format.h"
#include "core/block/little_endian.h"
#include "core/check.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kMaxColumns = 4096;
constexpr size_t kMaxNameBytes = 0xFFFF;
constexpr uint16_t kNoTimeColumn = 0xFFFF;
constexpr uint8_t kTypeCount = 6;

// The numbers of types in files, which stay when TypeKind changes.
uint8_t TypeNumber(TypeKind kind) {
  switch (kind) {
    case TypeKind::kInt:
      return 0;
    case TypeKind::kDecimal:
      return 1;
    case TypeKind::kFloat:
      return 2;
    case TypeKind::kString:
      return 3;
    case TypeKind::kBool:
      return 4;
    case TypeKind::kTimestamp:
      return 5;
  }
  ONRUSH_CHECK(false);
}
constexpr TypeKind kKindOfNumber[kTypeCount] = {TypeKind::kInt,   TypeKind::kDecimal,
                                                TypeKind::kFloat, TypeKind::kString,
                                                TypeKind::kBool,  TypeKind::kTimestamp};

absl::Status Damaged() { return absl::DataLossError("the schema of a block is damaged"); }

// Reads one column and takes it off the front of `bytes`.
absl::StatusOr<BlockColumn> TakeColumn(std::string_view& bytes) {
  if (bytes.size() < 4) return Damaged();
  const auto type = static_cast<uint8_t>(bytes[0]);
  const auto scale = static_cast<uint8_t>(bytes[1]);
  const auto name_size = LoadNumber<uint16_t>(bytes.data() + 2);
  if (type >= kTypeCount || bytes.size() - 4 < name_size) return Damaged();
  BlockColumn column{std::string(bytes.substr(4, name_size)), {kKindOfNumber[type], scale}};
  bytes.remove_prefix(4 + size_t{name_size});
  return column;
}

}  // namespace

absl::Status BlockSchema::Validate() const {
  if (columns.empty() || columns.size() > kMaxColumns) {
    return absl::InvalidArgumentError(
        fmt::format("{} columns; right would be 1 to {}", columns.size(), kMaxColumns));
  }
  std::vector<std::string_view> names;
  size_t bytes = 4;
  for (const BlockColumn& column : columns) {
    names.push_back(column.name);
    bytes += 4 + column.name.size();
    const bool right_scale = column.type.kind == TypeKind::kDecimal
                                 ? column.type.scale <= kMaxDecimalScale
                                 : column.type.scale == 0;
    if (!right_scale || column.name.size() > kMaxNameBytes) {
      return absl::InvalidArgumentError("a column's name is too long, or its scale wrong");
    }
  }
  if (bytes > kMaxSchemaBytes) return absl::InvalidArgumentError("the names are too long");
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    return absl::InvalidArgumentError(fmt::format("the column '{}' is there twice", *twice));
  }
  if (time_column &&
      (*time_column >= columns.size() || columns[*time_column].type.kind != TypeKind::kTimestamp)) {
    return absl::InvalidArgumentError("the time column is no timestamp");
  }
  return absl::OkStatus();
}

std::optional<size_t> BlockSchema::Find(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

void AppendSchema(const BlockSchema& schema, std::string& out) {
  AppendNumber(static_cast<uint16_t>(schema.columns.size()), out);
  AppendNumber(static_cast<uint16_t>(schema.time_column.value_or(kNoTimeColumn)), out);
  for (const BlockColumn& column : schema.columns) {
    AppendNumber(TypeNumber(column.type.kind), out);
    AppendNumber(column.type.scale, out);
    AppendNumber(static_cast<uint16_t>(column.name.size()), out);
    out += column.name;
  }
}

absl::StatusOr<BlockSchema> ReadSchema(std::string_view bytes) {
  if (bytes.size() < 4) return Damaged();
  const auto count = LoadNumber<uint16_t>(bytes.data());
  const auto time_column = LoadNumber<uint16_t>(bytes.data() + 2);
  bytes.remove_prefix(4);
  BlockSchema schema;
  if (time_column != kNoTimeColumn) schema.time_column = time_column;
  for (size_t i = 0; i < count; ++i) {
    absl::StatusOr<BlockColumn> column = TakeColumn(bytes);
    if (!column.ok()) return column.status();
    schema.columns.push_back(*std::move(column));
  }
  if (!bytes.empty() || !schema.Validate().ok()) return Damaged();
  return schema;
}

}  // namespace onrush
