// Quoted CSV fields.
#pragma once

#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/text_arena.h"
#include "ingest/field_parser.h"

namespace onrush {

// The first quote in [p, end), or null. 15 bytes after `end` must be readable.
inline const char* FindQuote(const char* p, const char* end) {
#if defined(__SSE2__)
  for (; p < end; p += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int quotes = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    if (quotes == 0) continue;
    const char* const quote = p + __builtin_ctz(static_cast<unsigned>(quotes));
    return quote < end ? quote : nullptr;
  }
  return nullptr;
#else
  return static_cast<const char*>(std::memchr(p, '"', static_cast<size_t>(end - p)));
#endif
}

// Takes the quotes off `field`, which begins with one. Doubled quotes become single ones in memory
// from `arena`; without an arena (nullptr) such a field is only checked. False if text follows the
// closing quote or there is none. 15 bytes after the field must be readable.
inline bool Unquote(std::string_view field, TextArena* arena, std::string_view& text) {
  const char* p = field.data() + 1;
  const char* const end = field.data() + field.size();
  const char* quote = FindQuote(p, end);
  if (quote == nullptr) return false;
  if (quote + 1 == end) {
    text = {p, static_cast<size_t>(quote - p)};
    return true;
  }

  char* const copy =
      arena == nullptr ? nullptr : arena->Allocate(field.size() + kReadableAfterField);
  size_t size = 0;
  for (; quote != nullptr; p = quote + 2, quote = FindQuote(p, end)) {
    const bool closing = quote + 1 == end;
    const size_t run = static_cast<size_t>(quote - p) + !closing;  // with the quote that is doubled
    if (copy != nullptr) std::memcpy(copy + size, p, run);
    size += run;
    if (closing) {
      if (copy != nullptr) {
        text = {copy, size};
        arena->Shrink(field.size() - size);
      }
      return true;
    }
    if (quote[1] != '"') return false;
  }
  return false;
}

}  // namespace onrush
