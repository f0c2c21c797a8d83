#include "ingest/json_string.h"

#include <cstdint>
#include <cstring>

#include "ingest/field_parser.h"
#include "ingest/json_scan.h"

namespace onrush {
namespace {

constexpr uint32_t kBadCodeUnit = UINT32_MAX;

// The four hexadecimal digits at `p`, of which a line may hold fewer.
uint32_t ReadCodeUnit(const char* p) {
  uint32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char lower = static_cast<char>(p[i] | 0x20);
    if (IsJsonDigit(p[i])) {
      unit = unit << 4 | static_cast<uint32_t>(p[i] - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit << 4 | static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      return kBadCodeUnit;  // at the latest at the newline
    }
  }
  return unit;
}

char* PutUtf8(uint32_t code, char* out) {
  const auto continuation = [&](int shift) {
    return static_cast<char>(0x80 | (code >> shift & 0x3F));
  };
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | code >> 6);
    *out++ = continuation(0);
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | code >> 12);
    *out++ = continuation(6);
    *out++ = continuation(0);
  } else {
    *out++ = static_cast<char>(0xF0 | code >> 18);
    *out++ = continuation(12);
    *out++ = continuation(6);
    *out++ = continuation(0);
  }
  return out;
}

// Decodes what follows `\u`; p moves behind it. False if it is no character.
bool TakeUnicodeEscape(const char*& p, char*& out) {
  uint32_t code = ReadCodeUnit(p);
  if (code == kBadCodeUnit || (code >= 0xDC00 && code <= 0xDFFF)) return false;
  p += 4;
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (p[0] != '\\' || p[1] != 'u') return false;
    const uint32_t low = ReadCodeUnit(p + 2);
    if (low < 0xDC00 || low > 0xDFFF) return false;
    p += 6;
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  out = PutUtf8(code, out);
  return true;
}

// Decodes what follows a backslash; p moves behind it.
bool TakeEscape(const char*& p, char*& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = *p++;
  if (letter == 'u') return TakeUnicodeEscape(p, out);
  const size_t which = kLetters.find(letter);
  if (which == std::string_view::npos) return false;
  *out++ = kMeanings[which];
  return true;
}

}  // namespace

const char* UnescapeJsonString(const char* p, const char* line_end, TextArena& arena,
                               std::string_view& text, const char*& problem) {
  // No escape is longer than the bytes it stands for.
  const size_t room = static_cast<size_t>(line_end - p) + kReadableAfterField;
  char* const begin = arena.Allocate(room);
  char* out = begin;
  while (true) {
    const char* const stop = FindStringStop(p);
    std::memcpy(out, p, static_cast<size_t>(stop - p));
    out += stop - p;
    p = stop + 1;
    if (*stop == '"') break;
    if (*stop == '\\' && TakeEscape(p, out)) continue;
    problem = *stop == '\n'   ? "a string is never closed"
              : *stop == '\\' ? "a wrong escape in a string"
                              : "a control character in a string";
    arena.Shrink(room);
    return nullptr;
  }
  text = {begin, static_cast<size_t>(out - begin)};
  arena.Shrink(room - text.size());
  return p;
}

}  // namespace onrush
