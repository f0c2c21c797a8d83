// What a hand-written parser does with 64 bytes.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace floor_bench {

// Bit i: byte i of the 64 at `p` is `c`.
inline uint64_t Find64(const char* p, char c) {
#if defined(__AVX512BW__)
  return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(c));
#elif defined(__AVX2__)
  const __m256i wanted = _mm256_set1_epi8(c);
  const auto half = [&](const char* at) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, wanted)));
  };
  return half(p) | uint64_t{half(p + 32)} << 32;
#else
  uint64_t mask = 0;
  for (int i = 0; i < 64; ++i) mask |= uint64_t{p[i] == c} << i;
  return mask;
#endif
}

// Eight digits at `p` (Lemire's well-known three multiplications).
inline uint64_t EightDigits(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  word -= 0x3030303030303030u;
  word = word * 10 + (word >> 8);
  return (((word & 0x000000FF000000FFu) * 0x000F424000000064u +
           ((word >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u) >>
          32);
}

// The 13 digits of a time in milliseconds.
inline int64_t Millis(const char* p) {
  return static_cast<int64_t>(EightDigits(p) * 100'000 + EightDigits(p + 5) % 100'000);
}

// A number of few digits that ends before `end`.
inline int64_t SmallInt(const char* p, const char* end) {
  const bool negative = *p == '-';
  p += negative;
  int64_t value = 0;
  for (; p < end; ++p) value = value * 10 + (*p - '0');
  return negative ? -value : value;
}

}  // namespace floor_bench
