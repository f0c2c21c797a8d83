// Arithmetic on eight bytes at once, in a plain 64-bit word.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace onrush {

static_assert(std::endian::native == std::endian::little,
              "the first byte of a text is taken for the lowest of its word");

inline constexpr uint64_t kEachByte = 0x0101010101010101u;  // times c: c in every byte
inline constexpr uint64_t kHighBits = 0x8080808080808080u;

inline uint64_t LoadWord(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

// ASCII digits become 0 to 9, every other byte becomes more.
constexpr uint64_t DigitValues(uint64_t ascii) { return ascii ^ ('0' * kEachByte); }

// True if every byte is 0 to 9. A carry out of a byte needs that byte's high bit, so it hides
// nothing.
constexpr bool AllDigits(uint64_t values) {
  return (((values + 0x76 * kEachByte) | values) & kHighBits) == 0;
}

// The number whose eight digits, the first in the lowest byte, are `values`. Neighbours are joined
// to pairs, pairs to the two fours, fours to the eight; the last two steps share multiplications.
constexpr uint32_t JoinEightDigits(uint64_t values) {
  constexpr uint64_t kLowOfFour = 0x000000FF000000FFu;
  const uint64_t pairs = values * 10 + (values >> 8);  // in bytes 0, 2, 4, 6
  const uint64_t first = (pairs & kLowOfFour) * (100 + (uint64_t{1'000'000} << 32));
  const uint64_t second = (pairs >> 16 & kLowOfFour) * (1 + (uint64_t{10'000} << 32));
  return static_cast<uint32_t>((first + second) >> 32);
}

// Reads exactly `size` digits, 1 ≤ size ≤ 16; false if a byte is no digit. Eight bytes from `p` on
// must be readable even if the text is shorter.
inline bool ReadDigits(const char* p, size_t size, uint64_t& number) {
  if (size <= 8) {  // shifted up: what follows the text falls out, leading zeros come in
    const uint64_t values = DigitValues(LoadWord(p)) << (64 - 8 * size);
    number = JoinEightDigits(values);
    return AllDigits(values);
  }
  const uint64_t head = DigitValues(LoadWord(p)) << (128 - 8 * size);
  const uint64_t tail = DigitValues(LoadWord(p + size - 8));
  number = uint64_t{JoinEightDigits(head)} * 100'000'000 + JoinEightDigits(tail);
  return AllDigits(head) && AllDigits(tail);
}

}  // namespace onrush
