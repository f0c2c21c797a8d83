// The declared members of one line of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text_arena.h"
#include "ingest/json_paths.h"

namespace onrush {

// Description
//   Objects on a declared path are read strictly: `{`, members with commas between, `}`; each
//   member a name in quotes, a colon and a value; JSON's white space anywhere between. The value of
//   a declared member is a well-formed JSON string, a number, true, false or null; an object or an
//   array there is bad. Where a declared path goes on in no object, all below is null, but an array
//   there is bad. Of a repeated member the first counts, also if it is null. Other members are scanned only for where they end: a closed string, a run of brackets
//   that balance by kind (strings inside respected), or a bare word up to `,` `}` `]` or white
//   space. Names are compared after unescaping; one that is not well-formed is not declared.
// Implementation
//   Lines of a stream mostly have the same members in the same order: the names of the last line
//   are compared first, as two words. Recursion is as deep as the declared paths, not as the input;
//   brackets are kept in a bit stack.
// Threads
//   One at a time.
class JsonLineParser {
 public:
  enum class Outcome : uint8_t {
    kRow,
    kBlank,  // nothing but white space
    kBad,    // see problem()
  };

  explicit JsonLineParser(JsonPaths paths);

  // Sets texts[f][row] for each declared field f, to an empty text where it is null or missing.
  // Strings with escapes are put into `arena`. If the line is bad, the texts are unspecified.
  // Requires: a newline at line.end() and 64 readable bytes after it.
  Outcome Parse(std::string_view line, std::string_view* const* texts, size_t field_count,
                size_t row, TextArena& arena);

  // What was wrong with the last line: "byte 17: expected ':'" or "user: an array, not a value".
  const std::string& problem() const { return problem_; }

 private:
  // A member of the last line: its name with the closing quote, of at most 16 bytes.
  struct Guess {
    uint64_t words[2] = {};
    uint64_t masks[2] = {};
    uint32_t parent = JsonPaths::kNone;
    uint32_t node = JsonPaths::kNone;
    uint32_t size = 0;
  };
  struct Target {
    std::string_view* const* texts;
    size_t row;
    TextArena& arena;
  };

  // Each takes the place where its part begins and returns the one after it, or null with problem_.
  const char* ParseObject(const char* p, uint32_t node, const Target& target);
  const char* ParseName(const char* p, uint32_t parent, TextArena& arena, uint32_t& node);
  const char* ParseNameSlow(const char* p, uint32_t parent, TextArena& arena, Guess& guess);
  const char* ParseDeclared(const char* p, uint32_t node, const Target& target);
  const char* ParseString(const char* p, uint32_t node, TextArena& arena, std::string_view& text);
  const char* SkipValue(const char* p);
  const char* SkipString(const char* p);
  const char* SkipBrackets(const char* p);

  const char* Fail(const char* p, std::string_view problem);
  const char* FailAt(uint32_t node, std::string_view problem);

  const JsonPaths paths_;
  std::vector<Guess> guesses_;       // by the place in the line
  std::vector<uint64_t> last_seen_;  // by node: the last line that had it
  std::vector<uint64_t> brackets_;   // one bit per open bracket: 1 for `{`

  // Of the line.
  uint64_t line_number_ = 0;  // counts the calls of Parse()
  const char* line_begin_ = nullptr;
  const char* line_end_ = nullptr;
  size_t member_ = 0;
  std::string problem_;
};

}  // namespace onrush
