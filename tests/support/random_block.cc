#include "tests/support/random_block.h"

#include <limits>

#include "core/block/block_writer.h"
#include "core/block/little_endian.h"
#include "core/check.h"
#include "core/key.h"
#include "fmt/format.h"

namespace onrush {
namespace {

ValueType RandomType(RandomSource& random) {
  const auto kind = static_cast<TypeKind>(random.Below(6));
  const auto scale = kind == TypeKind::kDecimal ? random.Below(kMaxDecimalScale + 1) : 0;
  return {kind, static_cast<uint8_t>(scale)};
}

// How far the values of a column lie apart.
int64_t RandomInt(RandomSource& random, int bits, int64_t base) {
  if (bits == 64) {
    return random.Percent(20)   ? std::numeric_limits<int64_t>::min()
           : random.Percent(20) ? std::numeric_limits<int64_t>::max()
                                : static_cast<int64_t>(random.Below(UINT64_MAX));
  }
  return base + static_cast<int64_t>(random.Below(uint64_t{1} << bits));
}

Column RandomColumn(ValueType type, size_t rows, RandomSource& random,
                    std::vector<std::string>& texts) {
  Column column = Column::Make(type, rows + 1);
  const uint64_t null_percent = random.Pick<uint64_t>({0, 0, 10, 100});
  const int bits = random.Pick<int>({0, 1, 7, 8, 12, 16, 30, 32, 40, 64});
  const int64_t base = random.Between(-1'000'000'000'000, 1'000'000'000'000);
  const uint64_t different = random.Pick<uint64_t>({1, 3, 300, 70'000});
  for (size_t row = 0; row < rows; ++row) {
    column.nulls[row] = random.Percent(null_percent);
    if (type.kind == TypeKind::kString) {
      const uint64_t number = random.Below(different);
      texts.push_back(number % 7 == 0 ? "" : fmt::format("{}\n{:{}}\xFF", number, "", number % 40));
      column.strings[row] = texts.back();
    } else if (type.kind == TypeKind::kFloat) {
      column.floats[row] = static_cast<double>(RandomInt(random, bits, base)) / 7;
    } else if (type.kind == TypeKind::kBool) {
      column.ints[row] = random.Percent(50);
    } else {
      column.ints[row] = RandomInt(random, bits, base);
    }
  }
  return column;
}

}  // namespace

RandomBlock MakeRandomBlock(RandomSource& random, size_t most_rows,
                            std::vector<std::string>& texts) {
  RandomBlock block;
  block.rows = random.Below(most_rows + 1);
  const size_t columns = 1 + random.Below(6);
  texts.clear();
  texts.reserve(columns * block.rows);
  for (size_t i = 0; i < columns; ++i) {
    const ValueType type = RandomType(random);
    block.schema.columns.push_back({fmt::format("column {}", i), type});
    block.columns.push_back(RandomColumn(type, block.rows, random, texts));
    if (type.kind == TypeKind::kTimestamp && random.Percent(70)) block.schema.time_column = i;
  }
  return block;
}

std::string WriteBlock(const RandomBlock& block, int zstd_level) {
  BlockWriter writer(block.schema, zstd_level);
  for (size_t row = 0; row < block.rows; ++row) writer.Add(block.columns, row);
  std::string bytes;
  ONRUSH_CHECK(writer.Finish(bytes).ok());
  return bytes;
}

void Reseal(std::string& bytes, size_t at) {
  if (bytes.size() - at < kBlockHeaderSize) return;
  char* const header = bytes.data() + at;
  const std::string_view payload = std::string_view(bytes).substr(at + kBlockHeaderSize);
  const size_t table = LoadNumber<uint32_t>(header + 32);
  const size_t columns = LoadNumber<uint32_t>(header + 44);
  const size_t head = table + columns * kStoredColumnSize;
  if (head <= payload.size()) {
    size_t begin = head;
    for (size_t i = 0; i < columns; ++i) {
      char* const entry = header + kBlockHeaderSize + table + i * kStoredColumnSize;
      const std::string_view column =
          payload.substr(begin, LoadNumber<uint32_t>(entry));  // as much as there is
      StoreNumber(Checksum(column), entry + 8);
      begin += column.size();
    }
    StoreNumber(Checksum(payload.substr(0, head)), header + 48);
  }
  StoreNumber(Checksum({header, 56}), header + 56);
}

std::string RowText(const std::vector<Column>& columns, size_t row) {
  std::string text;
  for (const Column& column : columns) {
    AppendJsonValue(column, row, text);
    // JSON shows all bytes that are no UTF-8 alike.
    if (column.type.kind == TypeKind::kString && column.nulls[row] == 0) {
      text += column.strings[row];
    }
    text += ' ';
  }
  return text;
}

std::vector<std::string> RowTexts(const BlockView& view) {
  std::vector<Column> columns;
  for (const ColumnView& column : view.columns()) {
    columns.push_back(Column::Make(column.type(), view.row_count() + 1));
    column.Copy(0, view.row_count(), columns.back(), 0);
  }
  std::vector<std::string> rows;
  for (size_t row = 0; row < view.row_count(); ++row) rows.push_back(RowText(columns, row));
  return rows;
}

}  // namespace onrush
