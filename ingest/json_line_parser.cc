#include "ingest/json_line_parser.h"

#include <cstring>
#include <utility>

#include "fmt/format.h"
#include "ingest/json_scan.h"
#include "ingest/json_string.h"
#include "ingest/swar.h"

namespace onrush {
namespace {

constexpr size_t kMaxGuesses = 256;
constexpr size_t kMaxGuessedName = 16;  // with the closing quote

bool StartsWith(const char* p, std::string_view word) {
  return std::memcmp(p, word.data(), word.size()) == 0;
}

bool EndsBareWord(char c) {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// All bits of the lowest `size` bytes (at most 8).
uint64_t LowBytes(size_t size) {
  return size == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * (size < 8 ? size : 8));
}

}  // namespace

JsonLineParser::JsonLineParser(JsonPaths paths)
    : paths_(std::move(paths)),
      guesses_(kMaxGuesses),
      last_seen_(paths_.node_count(), 0),
      brackets_(4) {}

JsonLineParser::Outcome JsonLineParser::Parse(std::string_view line, std::string_view* const* texts,
                                              size_t field_count, size_t row, TextArena& arena) {
  ++line_number_;
  line_begin_ = line.data();
  line_end_ = line.data() + line.size();
  member_ = 0;
  const char* p = SkipJsonSpace(line_begin_);
  if (p == line_end_) return Outcome::kBlank;
  for (size_t field = 0; field < field_count; ++field) texts[field][row] = {};
  if (*p != '{') {
    Fail(p, "expected an object");
    return Outcome::kBad;
  }
  p = ParseObject(p + 1, JsonPaths::kRoot, {texts, row, arena});
  if (p == nullptr) return Outcome::kBad;
  p = SkipJsonSpace(p);
  if (p == line_end_) return Outcome::kRow;
  Fail(p, "text after the object");
  return Outcome::kBad;
}

const char* JsonLineParser::ParseObject(const char* p, uint32_t node, const Target& target) {
  p = SkipJsonSpace(p);
  if (*p == '}') return p + 1;
  while (true) {
    if (*p != '"') return Fail(p, "expected a member's name");
    uint32_t member = JsonPaths::kNone;
    p = ParseName(p + 1, node, target.arena, member);
    if (p == nullptr) return nullptr;
    p = SkipJsonSpace(p);
    if (*p != ':') return Fail(p, "expected ':'");
    p = SkipJsonSpace(p + 1);
    const bool wanted = member != JsonPaths::kNone && last_seen_[member] != line_number_;
    p = wanted ? ParseDeclared(p, member, target) : SkipValue(p);
    if (p == nullptr) return nullptr;
    p = SkipJsonSpace(p);
    if (*p == '}') return p + 1;
    if (*p != ',') return Fail(p, "expected ',' or '}'");
    p = SkipJsonSpace(p + 1);
  }
}

// Sets `node` to the child of `parent` that the name, which begins at `p`, declares.
inline const char* JsonLineParser::ParseName(const char* p, uint32_t parent, TextArena& arena,
                                             uint32_t& node) {
  Guess& guess = guesses_[member_];
  member_ += member_ + 1 < kMaxGuesses;
  const uint64_t difference = ((LoadWord(p) ^ guess.words[0]) & guess.masks[0]) |
                              ((LoadWord(p + 8) ^ guess.words[1]) & guess.masks[1]);
  if (difference == 0 && guess.parent == parent) {
    node = guess.node;
    return p + guess.size;
  }
  p = ParseNameSlow(p, parent, arena, guess);
  node = guess.node;
  return p;
}

const char* JsonLineParser::ParseNameSlow(const char* p, uint32_t parent, TextArena& arena,
                                          Guess& guess) {
  guess.parent = JsonPaths::kNone;
  const char* const end = FindStringStop(p);
  if (*end == '"') {
    const size_t size = static_cast<size_t>(end - p);
    guess.node = paths_.Find(parent, {p, size});
    if (size < kMaxGuessedName) {
      guess.parent = parent;
      guess.size = static_cast<uint32_t>(size + 1);
      guess.masks[0] = LowBytes(guess.size);
      guess.masks[1] = guess.size > 8 ? LowBytes(guess.size - 8) : 0;
      guess.words[0] = LoadWord(p) & guess.masks[0];
      guess.words[1] = LoadWord(p + 8) & guess.masks[1];
    }
    return end + 1;
  }
  std::string_view name;
  const char* problem = nullptr;
  const char* const after = UnescapeJsonString(p, line_end_, arena, name, problem);
  guess.node = after == nullptr ? JsonPaths::kNone : paths_.Find(parent, name);
  return after == nullptr ? SkipString(p) : after;
}

const char* JsonLineParser::ParseDeclared(const char* p, uint32_t node, const Target& target) {
  last_seen_[node] = line_number_;
  const uint32_t field = paths_.field(node);
  if (field == JsonPaths::kNone) {
    if (*p == '{') return ParseObject(p + 1, node, target);
    return *p == '[' ? FailAt(node, "an array, not an object") : SkipValue(p);
  }
  std::string_view& text = target.texts[field][target.row];
  const char* end = nullptr;
  switch (*p) {
    case '"':
      return ParseString(p + 1, node, target.arena, text);
    case 'n':
      return StartsWith(p, "null") ? p + 4 : FailAt(node, "not a JSON value");
    case 't':
      end = StartsWith(p, "true") ? p + 4 : nullptr;
      break;
    case 'f':
      end = StartsWith(p, "false") ? p + 5 : nullptr;
      break;
    case '{':
      return FailAt(node, "an object, not a value");
    case '[':
      return FailAt(node, "an array, not a value");
    default:
      end = SkipJsonNumber(p);
  }
  if (end == nullptr) return FailAt(node, "not a JSON value");
  text = {p, static_cast<size_t>(end - p)};
  return end;
}

inline const char* JsonLineParser::ParseString(const char* p, uint32_t node, TextArena& arena,
                                               std::string_view& text) {
  const char* end = FindStringStop(p);
  if (*end == '"') {
    text = {p, static_cast<size_t>(end - p)};
    return end + 1;
  }
  const char* problem = nullptr;
  end = UnescapeJsonString(p, line_end_, arena, text, problem);
  return end == nullptr ? FailAt(node, problem) : end;
}

const char* JsonLineParser::SkipValue(const char* p) {
  if (*p == '"') return SkipString(p + 1);
  if (*p == '{' || *p == '[') return SkipBrackets(p);
  const char* const begin = p;
  while (!EndsBareWord(*p)) ++p;
  return p == begin ? Fail(p, "expected a value") : p;
}

// `p` is behind the opening quote.
const char* JsonLineParser::SkipString(const char* p) {
  while (true) {
    p = FindStringStop(p);
    if (*p == '"') return p + 1;
    if (*p == '\n' || (*p == '\\' && p[1] == '\n')) return Fail(p, "a string is never closed");
    p += *p == '\\' ? 2 : 1;
  }
}

const char* JsonLineParser::SkipBrackets(const char* p) {
  size_t depth = 0;
  while (true) {
    switch (*p) {
      case '{':
      case '[': {
        if (depth / 64 == brackets_.size()) brackets_.push_back(0);
        const uint64_t bit = uint64_t{1} << depth % 64;
        uint64_t& word = brackets_[depth / 64];
        word = *p == '{' ? word | bit : word & ~bit;
        ++depth;
        ++p;
        break;
      }
      case '}':
      case ']': {
        --depth;
        const bool brace = (brackets_[depth / 64] >> depth % 64 & 1) != 0;
        if (brace != (*p == '}')) return Fail(p, "brackets that do not match");
        ++p;
        if (depth == 0) return p;
        break;
      }
      case '"':
        p = SkipString(p + 1);
        if (p == nullptr) return nullptr;
        break;
      case '\n':
        return Fail(p, "a bracket is never closed");
      default:
        ++p;
    }
  }
}

const char* JsonLineParser::Fail(const char* p, std::string_view problem) {
  problem_ = fmt::format("byte {}: {}", p - line_begin_ + 1, problem);
  return nullptr;
}

const char* JsonLineParser::FailAt(uint32_t node, std::string_view problem) {
  problem_ = fmt::format("{}: {}", paths_.path(node), problem);
  return nullptr;
}

}  // namespace onrush
