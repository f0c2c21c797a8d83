#include "ingest/json_value.h"

#include <cstring>

#include "ingest/json_string.h"

namespace onrush {
namespace {

bool StartsWith(const char* p, std::string_view word) {
  return std::memcmp(p, word.data(), word.size()) == 0;
}

bool EndsBareWord(char c) {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

const char* JsonValues::ReadEscaped(const char* p, JsonLine& line, std::string_view& text) {
  const char* problem = nullptr;
  const char* const end = UnescapeJsonString(p + 1, line.end, line.arena, text, problem);
  return end == nullptr ? line.Fail(p, problem) : end;
}

const char* JsonValues::ReadOther(const char* p, JsonLine& line, std::string_view& text) {
  const char* end = nullptr;
  switch (*p) {
    case 'n':
      return StartsWith(p, "null") ? p + 4 : line.Fail(p, "not a JSON value");
    case 't':
      end = StartsWith(p, "true") ? p + 4 : nullptr;
      break;
    case 'f':
      end = StartsWith(p, "false") ? p + 5 : nullptr;
      break;
    case '{':
      return line.Fail(p, "an object, not a value");
    case '[':
      return line.Fail(p, "an array, not a value");
    default:
      end = SkipJsonNumber(p);
  }
  if (end == nullptr) return line.Fail(p, "not a JSON value");
  text = {p, static_cast<size_t>(end - p)};
  return end;
}

const char* JsonValues::SkipOther(const char* p, JsonLine& line) {
  if (*p == '{' || *p == '[') return SkipBrackets(p, line);
  const char* const begin = p;
  if (StartsWith(p, "true") || StartsWith(p, "null")) {
    p += 4;
  } else if (const char* const end = SkipShortJsonNumber(p); end != nullptr) {
    p = end;
  }
  while (!EndsBareWord(*p)) ++p;
  return p == begin ? line.Fail(p, "expected a value") : p;
}

const char* JsonValues::SkipString(const char* p, JsonLine& line) {
  ++p;
  while (true) {
    p = FindStringStop(p);
    if (*p == '"') return p + 1;
    if (*p == '\n' || (*p == '\\' && p[1] == '\n')) {
      return line.Fail(p, "a string is never closed");
    }
    p += *p == '\\' ? 2 : 1;
  }
}

const char* JsonValues::SkipBrackets(const char* p, JsonLine& line) {
  size_t depth = 0;
  while (true) {
    switch (*p) {
      case '{':
      case '[': {
        if (depth / 64 == open_brackets_.size()) open_brackets_.push_back(0);
        const uint64_t bit = uint64_t{1} << depth % 64;
        uint64_t& word = open_brackets_[depth / 64];
        word = *p == '{' ? word | bit : word & ~bit;
        ++depth;
        ++p;
        break;
      }
      case '}':
      case ']': {
        --depth;
        const bool brace = (open_brackets_[depth / 64] >> depth % 64 & 1) != 0;
        if (brace != (*p == '}')) return line.Fail(p, "brackets that do not match");
        ++p;
        if (depth == 0) return p;
        break;
      }
      case '"':
        p = SkipString(p, line);
        if (p == nullptr) return nullptr;
        break;
      case '\n':
        return line.Fail(p, "a bracket is never closed");
      default:
        ++p;
    }
  }
}

}  // namespace onrush
