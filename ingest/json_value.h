// Single values in a line of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text_arena.h"
#include "ingest/json_scan.h"

namespace onrush {

// The line that is being read, and what is wrong with it.
struct JsonLine {
  const char* begin;
  const char* end;   // a newline
  TextArena& arena;  // for strings with escapes

  const char* problem_at = nullptr;
  const char* problem = nullptr;

  const char* Fail(const char* p, const char* what) {
    problem_at = p;
    problem = what;
    return nullptr;
  }
};

// Description
//   Each function takes the place where its part begins and returns the one just after it, or null
//   with the line's problem set. Lines must be as json_scan.h requires.
// Threads
//   One at a time.
class JsonValues {
 public:
  // Reads a well-formed string, a number, true, false or null, which leaves an empty text.
  const char* Read(const char* p, JsonLine& line, std::string_view& text) {
    if (*p == '"') {
      const char* const stop = FindStringStop(p + 1);
      if (*stop != '"') return ReadEscaped(p, line, text);
      text = {p + 1, static_cast<size_t>(stop - p - 1)};
      return stop + 1;
    }
    const char* const end = SkipShortJsonNumber(p);
    if (end == nullptr) return ReadOther(p, line, text);
    text = {p, static_cast<size_t>(end - p)};
    return end;
  }

  // Looks only for where a value ends: a closed string, a run of brackets that balance by kind
  // (strings inside respected), or a bare word up to `,` `}` `]` or white space.
  const char* Skip(const char* p, JsonLine& line) {
    if (*p != '"') return SkipOther(p, line);
    const char* const stop = FindStringStop(p + 1);
    return *stop == '"' ? stop + 1 : SkipString(p, line);
  }

  const char* SkipString(const char* p, JsonLine& line);

 private:
  const char* ReadEscaped(const char* p, JsonLine& line, std::string_view& text);
  const char* ReadOther(const char* p, JsonLine& line, std::string_view& text);
  const char* SkipOther(const char* p, JsonLine& line);
  const char* SkipBrackets(const char* p, JsonLine& line);

  std::vector<uint64_t> open_brackets_ = std::vector<uint64_t>(4);  // a bit each: 1 for `{`
};

}  // namespace onrush
