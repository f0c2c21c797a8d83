// Quoted CSV fields.
#pragma once

#include <cstring>
#include <string_view>

#include "core/text_arena.h"
#include "ingest/field_parser.h"

namespace onrush {

// Takes the quotes off `field`, which begins with one. Doubled quotes become single ones in memory
// from `arena`; without an arena (nullptr) such a field is only checked. False if text follows the
// closing quote or there is none.
inline bool Unquote(std::string_view field, TextArena* arena, std::string_view& text) {
  const char* p = field.data() + 1;
  const char* const end = field.data() + field.size();
  const auto find_quote = [&] {
    return static_cast<const char*>(std::memchr(p, '"', static_cast<size_t>(end - p)));
  };
  const char* quote = find_quote();
  if (quote == nullptr) return false;
  if (quote + 1 == end) {
    text = {p, static_cast<size_t>(quote - p)};
    return true;
  }

  char* const copy =
      arena == nullptr ? nullptr : arena->Allocate(field.size() + kReadableAfterField);
  size_t size = 0;
  for (; quote != nullptr; p = quote + 2, quote = find_quote()) {
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
