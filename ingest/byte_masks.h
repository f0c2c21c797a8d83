// Comparing 64 bytes at once.
#pragma once

#include <cstdint>

#include "ingest/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace onrush {

// 64 bytes of text; bit i of a mask speaks of byte i. This is the kernel of all scans: a wider one
// needs nothing but another class with these functions.
#if defined(__SSE2__)
class Bytes64 {
 public:
  explicit Bytes64(const char* p) {
    for (int i = 0; i < 4; ++i) {
      parts_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
    }
  }
  uint64_t Equal(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    return Join([&](__m128i part) { return _mm_movemask_epi8(_mm_cmpeq_epi8(part, wanted)); });
  }
  uint64_t Control() const {  // below 0x20: what the minimum leaves as it is
    const __m128i last = _mm_set1_epi8(0x1F);
    return Join([&](__m128i part) {
      return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(part, last), part));
    });
  }
  uint64_t NonAscii() const {
    return Join([](__m128i part) { return _mm_movemask_epi8(part); });
  }

 private:
  template <typename Function>
  uint64_t Join(Function mask16) const {
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      mask |= uint64_t{static_cast<uint16_t>(mask16(parts_[i]))} << 16 * i;
    }
    return mask;
  }
  __m128i parts_[4];
};
#else
class Bytes64 {
 public:
  explicit Bytes64(const char* p) {
    for (int i = 0; i < 8; ++i) words_[i] = LoadWord(p + 8 * i);
  }
  uint64_t Equal(char c) const {
    const uint64_t wanted = static_cast<unsigned char>(c) * kEachByte;
    return Join([&](uint64_t word) { return ZeroBytes(word ^ wanted); });
  }
  uint64_t Control() const {  // below 0x20: the upper three bits are zero
    return Join([](uint64_t word) { return ZeroBytes(word & 0xE0 * kEachByte); });
  }
  uint64_t NonAscii() const {
    return Join([](uint64_t word) { return word & kHighBits; });
  }

 private:
  // The high bit of every byte that is zero, exactly.
  static uint64_t ZeroBytes(uint64_t word) {
    return ~(((word & ~kHighBits) + ~kHighBits) | word) & kHighBits;
  }
  template <typename Function>
  uint64_t Join(Function high_bits) const {
    uint64_t mask = 0;
    for (int i = 0; i < 8; ++i) {  // the multiplication gathers the eight bits in the top byte
      mask |= ((high_bits(words_[i]) >> 7) * 0x0102040810204080u >> 56) << 8 * i;
    }
    return mask;
  }
  uint64_t words_[8];
};
#endif

}  // namespace onrush
