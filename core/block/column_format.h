// How the values of one column are written into a block.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/value.h"

namespace onrush {

enum class ColumnEncoding : uint8_t {
  kFrame = 1,       // int, decimal, timestamp: a base, and steps above it in few bytes
  kFloats = 2,      // float: eight bytes each
  kBits = 3,        // bool
  kTexts = 4,       // string: lengths, then all bytes
  kDictionary = 5,  // string: distinct texts once, and which of them a row has
};

// Encoding, width, flags, a zero; then the size of what follows in four bytes.
inline constexpr size_t kColumnHeaderSize = 8;
inline constexpr uint8_t kHasNullsFlag = 1;

// Bytes of a bit for each row.
constexpr size_t BitmapSize(size_t rows) { return (rows + 7) / 8; }

// Bytes that hold numbers from 0 to `most`: 0, 1, 2, 4 or 8.
constexpr uint8_t WidthOf(uint64_t most) {
  if (most == 0) return 0;
  if (most <= 0xFF) return 1;
  if (most <= 0xFFFF) return 2;
  return most <= 0xFFFFFFFF ? 4 : 8;
}

}  // namespace onrush
