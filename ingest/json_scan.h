// Steps through a line of JSON.
//
// All of these stop at a newline at the latest. A caller makes sure that one ends the line, and
// that 64 more bytes are readable after it, so that none of them has to look for the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace onrush {

inline bool IsJsonDigit(char c) { return c >= '0' && c <= '9'; }

// A line's newline is not among them.
inline const char* SkipJsonSpace(const char* p) {
  while (*p == ' ' || *p == '\t' || *p == '\r') ++p;
  return p;
}

#if defined(__SSE2__)
// The first quote, backslash or control character at or after `p`.
inline const char* FindStringStop(const char* p) {
  while (true) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
                                      control);
    const unsigned mask = static_cast<unsigned>(_mm_movemask_epi8(stop));
    if (mask != 0) return p + __builtin_ctz(mask);
    p += 16;
  }
}

// Bit i, of 16: the byte i after `p` is no digit. Bit 16 is set, so that there is always one.
inline unsigned NonDigits(const char* p) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
  return static_cast<unsigned>(_mm_movemask_epi8(digits)) ^ 0x1FFFFu;
}
#else
inline const char* FindStringStop(const char* p) {
  while (*p != '"' && *p != '\\' && static_cast<unsigned char>(*p) >= 0x20) ++p;
  return p;
}

inline unsigned NonDigits(const char* p) {
  unsigned mask = 1u << 16;
  for (int i = 0; i < 16; ++i) mask |= static_cast<unsigned>(!IsJsonDigit(p[i])) << i;
  return mask;
}
#endif

// The first byte at or after `p` that is no digit.
inline const char* SkipJsonDigits(const char* p) {
  while (true) {
    const int digits = __builtin_ctz(NonDigits(p));
    p += digits;
    if (digits < 16) return p;
  }
}

// The end of the number that begins at `p`, by JSON's grammar, if it has at most 15 characters
// after its sign and no exponent; else null.
inline const char* SkipShortJsonNumber(const char* p) {
  p += *p == '-';
  unsigned non_digits = NonDigits(p);
  int end = __builtin_ctz(non_digits);
  if (end == 0 || (*p == '0' && end > 1)) return nullptr;
  if (p[end] == '.') {
    const int point = end;
    non_digits &= non_digits - 1;
    end = __builtin_ctz(non_digits | 1u << 16);
    if (end == point + 1) return nullptr;
  }
  return end < 16 && (p[end] | 0x20) != 'e' ? p + end : nullptr;
}

// The end of the number that begins at `p`, by JSON's grammar; null if there is none.
inline const char* SkipJsonNumber(const char* p) {
  p += *p == '-';
  const char* const digits = p;
  p = SkipJsonDigits(p);
  if (p == digits || (*digits == '0' && p - digits > 1)) return nullptr;
  if (*p == '.') {
    const char* const fraction = p + 1;
    p = SkipJsonDigits(fraction);
    if (p == fraction) return nullptr;
  }
  if ((*p | 0x20) == 'e') {
    const char* exponent = p + 1;
    exponent += *exponent == '+' || *exponent == '-';
    p = SkipJsonDigits(exponent);
    if (p == exponent) return nullptr;
  }
  return p;
}

// True if [p, end) is a number of JSON without an exponent, of at most 16 characters.
inline bool IsShortJsonNumber(const char* p, const char* end) {
  p += *p == '-';
  const size_t size = static_cast<size_t>(end - p);
  if (size - 1 >= 16) return false;  // nothing, or too long
  const unsigned others = NonDigits(p) & ((1u << size) - 1);
  // Whether there is a point cannot be guessed: it is always looked for, and its lack is one at the
  // end.
  const bool whole = others == 0;
  const auto point = static_cast<size_t>(__builtin_ctz(others | 1u << size));
  const bool one_point = ((others & (others - 1)) == 0) & (p[point] == '.') & (point + 1 < size);
  return (whole | one_point) & (point > 0) & ((*p != '0') | (point == 1));
}

// Sets `text` to `value` if that is a short number or true or false, and to nothing if it is null;
// else returns false.
inline bool ReadJsonScalar(std::string_view value, std::string_view& text) {
  text = value;
  if (value.empty()) return false;
  if (IsShortJsonNumber(value.data(), value.data() + value.size())) return true;
  if (value == "true" || value == "false") return true;
  text = {};
  return value == "null";
}

}  // namespace onrush
