#include "tests/support/compressed.h"

#include <zlib.h>
#include <zstd.h>

#include "core/check.h"

namespace onrush {

std::string Gzip(std::string_view text) {
  z_stream zlib = {};
  constexpr int kGzip = 16 + MAX_WBITS;
  ONRUSH_CHECK(::deflateInit2(&zlib, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(::deflateBound(&zlib, text.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  ONRUSH_CHECK(::deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  out.resize(zlib.total_out);
  ::deflateEnd(&zlib);
  return out;
}

std::string Zstd(std::string_view text) {
  std::string out(::ZSTD_compressBound(text.size()), '\0');
  const size_t size = ::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  ONRUSH_CHECK(::ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

}  // namespace onrush
