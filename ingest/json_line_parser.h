// The declared members of one line of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text_arena.h"
#include "ingest/json_paths.h"
#include "ingest/json_shapes.h"
#include "ingest/json_value.h"

namespace onrush {

// Description
//   Objects on a declared path are read strictly: `{`, members with commas between, `}`; each
//   member a name in quotes, a colon and a value; JSON's white space anywhere between. The value of
//   a declared member is a well-formed JSON string, a number, true, false or null; an object or an
//   array there is bad. Where a declared path goes on in no object, all below is null; an array
//   there is bad. Of a repeated member the first counts, also if it is null. Other members are
//   scanned only for where they end, see JsonValues::Skip(). Names are compared after unescaping;
//   one that is not well-formed is not declared.
// Implementation
//   Lines of a stream mostly look like some line before but for their values: following the shapes
//   seen takes a comparison and a value per member. What has no such shape is read from its start
//   by the rules, and its shape added. Recursion is as deep as the declared paths, not as the
//   input.
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
  JsonLineParser(const JsonLineParser&) = delete;
  JsonLineParser& operator=(const JsonLineParser&) = delete;

  // Takes the next line of `index` and sets texts[f] for each declared field f, to an empty text
  // where it is null or missing. Strings with escapes are put into `arena`. If the line is bad, the
  // texts are unspecified. `line` is its text without the newline. Requires: 64 readable bytes
  // after the index's text.
  Outcome ParseNext(JsonLineIndex& index, std::string_view& line, std::string_view* texts,
                    TextArena& arena) {
    if (!guess_->shape.Match(index.next(), texts)) {
      return ParseOther(index, line, texts, arena);
    }
    line = index.Take(guess_->shape.newline());
    return Outcome::kRow;
  }

  // What was wrong with the last line: "byte 17: expected ':'" or "user: an array, not a value".
  const std::string& problem() const { return problem_; }

 private:
  // The template for lines of some number of stops.
  struct Guess {
    JsonTemplate shape;
    int misses_to_renewal;
  };

  Outcome ParseOther(JsonLineIndex& index, std::string_view& text, std::string_view* texts,
                     TextArena& arena);
  Outcome Renew(Guess& guess, JsonLine& line, std::string_view* texts);
  bool FollowShapes(JsonLine& line, std::string_view* texts);
  Outcome ParseByRules(JsonLine& line, std::string_view* texts);

  // Each takes the place where its part begins and returns the one after it, or null.
  const char* ParseObject(const char* p, uint32_t node, JsonLine& line, std::string_view* texts);
  const char* ParseName(const char* p, uint32_t parent, JsonLine& line, uint32_t& node);
  const char* ParseMember(const char* p, uint32_t node, JsonLine& line, std::string_view* texts);

  void AddStep(const char* p, JsonStep::Kind kind, uint32_t field = 0);
  void DescribeProblem(const JsonLine& line);

  const JsonPaths paths_;
  std::vector<Guess> guesses_;  // by the number of stops, modulo their number
  Guess* guess_;                // that of the last line that had one
  JsonShapes shapes_;
  JsonValues values_;
  std::string problem_;

  // Of a line that is read by the rules.
  std::vector<uint64_t> last_seen_;  // by node: the last line that had it
  uint64_t line_number_ = 0;
  uint32_t bad_node_ = JsonPaths::kNone;  // whose value is wrong
  std::vector<JsonStep> steps_;
  bool too_many_steps_ = false;
  const char* after_last_value_ = nullptr;
};

}  // namespace onrush
