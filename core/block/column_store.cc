#include "core/block/column_store.h"

#include <zstd.h>

#include <cstdint>

#include "core/block/block_format.h"

namespace onrush {

StoredColumn PlainColumn(std::string_view column) {
  const auto size = static_cast<uint32_t>(column.size());
  return {size, size, Checksum(column)};
}

ColumnCompressor::ColumnCompressor(int zstd_level)
    : level_(zstd_level), context_(level_ > 0 ? ::ZSTD_createCCtx() : nullptr, ::ZSTD_freeCCtx) {}

ColumnCompressor::~ColumnCompressor() = default;

StoredColumn ColumnCompressor::Append(std::string_view column, std::string& out) {
  const size_t begin = out.size();
  if (level_ > 0) {
    out.resize(begin + ::ZSTD_compressBound(column.size()));
    const size_t size = ::ZSTD_compressCCtx(context_.get(), out.data() + begin, out.size() - begin,
                                            column.data(), column.size(), level_);
    if (::ZSTD_isError(size) == 0 && size < column.size()) {
      out.resize(begin + size);
      return {static_cast<uint32_t>(size), static_cast<uint32_t>(column.size()),
              Checksum(std::string_view(out).substr(begin))};
    }
    out.resize(begin);
  }
  out += column;
  return PlainColumn(column);
}

}  // namespace onrush
