// The columns of a block as they stand in it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/block/column_table.h"

struct ZSTD_CCtx_s;

namespace onrush {

// A column that stands in a block as it is.
StoredColumn PlainColumn(std::string_view column);

// Compresses columns. One thread.
class ColumnCompressor {
 public:
  // Levels of Zstandard are 1 to 19; 0: it leaves columns as they are.
  explicit ColumnCompressor(int zstd_level);
  ~ColumnCompressor();

  // Appends a column to `out`, compressed if that makes it smaller.
  StoredColumn Append(std::string_view column, std::string& out);

 private:
  const int level_;
  std::unique_ptr<ZSTD_CCtx_s, size_t (*)(ZSTD_CCtx_s*)> context_;
};

}  // namespace onrush
