// Rows that are told by flags: bytes of 0 or 1, one for each row.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onrush {

// How many of `count` flags are set.
size_t CountFlags(const uint8_t* flags, size_t count);

// Writes the positions of the flags that are set, ascending, to `rows`, which has room for `count`,
// and returns how many they are. Eight flags that are alike cost a nanosecond, others four.
size_t RowsOfFlags(const uint8_t* flags, size_t count, uint32_t* rows);

}  // namespace onrush
