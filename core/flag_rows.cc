#include "core/flag_rows.h"

#include <algorithm>
#include <cstring>

namespace onrush {
namespace {

constexpr size_t kFlagsPerWord = sizeof(uint64_t);
constexpr uint64_t kAllSet = 0x0101010101010101;

uint64_t LoadWord(const uint8_t* flags) {
  uint64_t word;
  std::memcpy(&word, flags, sizeof(word));
  return word;
}

}  // namespace

size_t CountFlags(const uint8_t* flags, size_t count) {
  constexpr size_t kMostWords = UINT8_MAX;  // that a byte can count
  size_t total = 0, at = 0;
  while (at + kFlagsPerWord <= count) {
    uint64_t by_byte = 0;
    const size_t words = std::min(kMostWords, (count - at) / kFlagsPerWord);
    for (size_t i = 0; i < words; ++i, at += kFlagsPerWord) by_byte += LoadWord(flags + at);
    for (; by_byte != 0; by_byte >>= 8) total += by_byte & UINT8_MAX;
  }
  for (; at < count; ++at) total += flags[at];
  return total;
}

size_t RowsOfFlags(const uint8_t* flags, size_t count, uint32_t* rows) {
  size_t found = 0, at = 0;
  for (; at + kFlagsPerWord <= count; at += kFlagsPerWord) {
    const uint64_t word = LoadWord(flags + at);
    if (word == 0) continue;
    const auto row = static_cast<uint32_t>(at);
    if (word == kAllSet) {
      for (uint32_t i = 0; i < kFlagsPerWord; ++i) rows[found + i] = row + i;
      found += kFlagsPerWord;
      continue;
    }
    for (uint32_t i = 0; i < kFlagsPerWord; ++i) {
      rows[found] = row + i;
      found += flags[at + i];
    }
  }
  for (; at < count; ++at) {
    rows[found] = static_cast<uint32_t>(at);
    found += flags[at];
  }
  return found;
}

}  // namespace onrush
