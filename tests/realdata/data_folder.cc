#include "tests/realdata/data_folder.h"

#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "core/check.h"
#include "doctest/doctest.h"

namespace onrush::realdata {
namespace {

std::filesystem::path DataFolder() {
  const char* const folder = std::getenv("ONRUSH_DATA");
  if (folder != nullptr && *folder != '\0') return folder;
  return std::filesystem::path(ONRUSH_SOURCE_ROOT) / ".." / "shared" / "data";
}

// Also reads files that are not compressed.
std::string ReadGzip(const std::string& path) {
  const gzFile file = ::gzopen(path.c_str(), "rb");
  ONRUSH_CHECK(file != nullptr);
  std::string text;
  std::string piece(1 << 20, '\0');
  int size = 0;
  while ((size = ::gzread(file, piece.data(), piece.size())) > 0) text.append(piece, 0, size);
  ONRUSH_CHECK(size == 0);
  ONRUSH_CHECK(::gzclose(file) == Z_OK);
  return text;
}

std::string ReadZstd(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  const std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(::ZSTD_createDStream(),
                                                                        ::ZSTD_freeDStream);
  std::string text;
  std::string piece(1 << 20, '\0');
  ZSTD_inBuffer in = {packed.data(), packed.size(), 0};
  size_t wanted = 1;
  while (wanted != 0) {
    ZSTD_outBuffer out = {piece.data(), piece.size(), 0};
    wanted = ::ZSTD_decompressStream(stream.get(), &out, &in);
    ONRUSH_CHECK(!::ZSTD_isError(wanted));
    ONRUSH_CHECK(wanted == 0 || out.pos > 0 || in.pos < in.size);
    text.append(piece, 0, out.pos);
  }
  return text;
}

}  // namespace

std::optional<std::string> FindDataFile(std::string_view name) {
  const std::filesystem::path path = (DataFolder() / name).lexically_normal();
  if (std::filesystem::exists(path)) return path.string();
  MESSAGE("skipped: there is no ", path.string(), " (ONRUSH_DATA names the folder)");
  return std::nullopt;
}

std::string ReadDataFile(const std::string& path) {
  return path.ends_with(".zst") ? ReadZstd(path) : ReadGzip(path);
}

std::string_view FirstLines(std::string_view text, size_t count) {
  size_t end = 0;
  for (size_t i = 0; i < count && end < text.size(); ++i) {
    const size_t newline = text.find('\n', end);
    end = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  return text.substr(0, end);
}

}  // namespace onrush::realdata
