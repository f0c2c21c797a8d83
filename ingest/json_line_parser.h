// The declared members of one line of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text_arena.h"
#include "ingest/json_flat_line.h"
#include "ingest/json_line_index.h"
#include "ingest/json_paths.h"
#include "ingest/json_template.h"
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
//   The rules are the last resort. Lines mostly look like the one before but for their values: as
//   long as they do, a template tells where the values are. Lines whose members come in any order,
//   or come and go, are mostly flat. The template is made anew of a line now and then while it
//   matches none. Recursion is as deep as the declared paths, not as the input.
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

  // Takes lines of `index`, `limit` at most, as long as they look like the last one, and returns
  // how many. Sets lines[i] to the text of line i without its newline, and
  // texts[i * fields + f] for each declared field f of `fields` to its value's, empty where it is
  // null or missing. Requires: 64 readable bytes after the index's text.
  size_t ParseAlike(JsonLineIndex& index, size_t limit, std::string_view* lines,
                    std::string_view* texts);

  // The same for one line, which may be any. Strings with escapes are put into `arena`. If the line
  // is bad, the texts are unspecified.
  Outcome ParseNext(JsonLineIndex& index, std::string_view& line, std::string_view* texts,
                    TextArena& arena);

  // What was wrong with the last line: "byte 17: expected ':'" or "user: an array, not a value".
  const std::string& problem() const { return problem_; }

 private:
  bool ReadFlat(JsonLineIndex& index, std::string_view& line, std::string_view* texts);
  Outcome ParseByRules(JsonLine& line, std::string_view* texts);

  // Each takes the place where its part begins and returns the one after it, or null.
  const char* ParseObject(const char* p, uint32_t node, JsonLine& line, std::string_view* texts);
  const char* ParseName(const char* p, uint32_t parent, JsonLine& line, uint32_t& node);
  const char* ParseMember(const char* p, uint32_t node, JsonLine& line, std::string_view* texts);

  void AddStep(const char* p, JsonStep::Kind kind, uint32_t field = 0);
  void DescribeProblem(const JsonLine& line);

  // What misses so many lines in a row is not asked again …
  static constexpr int kMissesToRest = 4;
  // … for about so many lines; …
  static constexpr int kMissesToRetry = 64;
  // … a template until it is made anew, after so many lines, which costs as much as some ten lines.
  static constexpr int kMissesToRenewal = 256;

  const JsonPaths paths_;
  const JsonFlatLine flat_line_;
  JsonTemplate template_;
  int misses_ = kMissesToRenewal - 1;  // of the template, in a row
  size_t alike_ = 1;                   // how many of the next lines may match it
  int not_flat_ = 0;                   // lines in a row
  JsonValues values_;
  std::string problem_;

  // Of a line that is read by the rules.
  std::vector<uint64_t> last_seen_;  // by node: the last line that had it
  uint64_t line_number_ = 0;
  uint32_t bad_node_ = JsonPaths::kNone;  // whose value is wrong
  std::vector<JsonStep> steps_;           // only if the template is to be made of it
  const char* after_last_value_ = nullptr;
};

}  // namespace onrush
