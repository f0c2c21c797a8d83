// The shape of a line whose values are all strings, numbers and words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/json_gap.h"
#include "ingest/json_line_index.h"

namespace onrush {

// One value of a line, with the bytes between it and the value before; or what follows the last
// one.
struct JsonStep {
  enum class Kind : uint8_t {
    kField,  // the value of a declared member
    kPath,   // no object or array where a declared path goes on
    kOther,  // any other value
    kEnd,    // no value; the line ends
  };
  std::string_view gap;  // into the line: the value stands after it
  Kind kind = Kind::kOther;
  uint32_t field = 0;  // kField only
};

// Description
//   Tells how many lines have the same shape as the one that the template was made of, and where
//   their values are.
// Implementation
//   A gap is where a certain one of the line's stops is, so that it can be compared without waiting
//   for the value before it to be scanned; and since all lines of the shape have the same number of
//   stops, one gap can be compared in many lines before the next one is. Here the quotes around a
//   string belong to the gaps beside it, the newline to the last one, and a value is what lies
//   between two gaps. If all gaps are equal, all stops of the line are accounted for, so that no
//   string of it holds one; only numbers and words remain to be checked.
// Threads
//   One at a time.
class JsonTemplate {
 public:
  // The most steps of a line that can be a template.
  static constexpr size_t kMaxSteps = 48;

  // Matches no line. Takes all the memory that it will ever need.
  explicit JsonTemplate(size_t field_count);

  // Becomes that of a line, as JsonLineParser has read it; one that matches no line if it has
  // values or gaps that a template cannot have, or does not end.
  void Assign(const std::vector<JsonStep>& line);

  // Returns how many of the next lines, `limit` at most, have the shape, up to the first that has
  // not; sets the texts of their fields, line by line. The texts of other lines, up to `limit`, are
  // unspecified. Requires: 64 bytes readable after the text.
  size_t Match(const JsonLineIndex::Next& next, size_t limit, std::string_view* texts) const;

  // How many stops a line has, its newline being the last.
  size_t stop_count() const { return stop_count_; }

 private:
  static constexpr uint32_t kNoField = UINT32_MAX;

  struct Part {
    JsonGap gap;
    uint32_t stop = 0;     // which of the line's stops is the first in the gap …
    uint32_t stop_at = 0;  // … and its place there
  };
  // A value that is not just skipped: from begin_offset bytes after the stop begin_stop to
  // end_offset bytes before the stop end_stop.
  struct Value {
    uint32_t field = kNoField;
    uint32_t begin_stop = 0, begin_offset = 0;
    uint32_t end_stop = 0, end_offset = 0;

    uint32_t Begin(const uint32_t* stops) const { return stops[begin_stop] + begin_offset; }
    uint32_t End(const uint32_t* stops) const { return stops[end_stop] - end_offset; }
  };

  void Clear();
  bool AddPart(const JsonStep& step, bool after_string, bool is_string);

  // Each takes how many lines have the shape so far, and returns how many still have.
  size_t CountAdjacent(const JsonLineIndex::Next& next, size_t count) const;
  size_t CountMatches(const Part& part, const JsonLineIndex::Next& next, size_t count) const;
  size_t ReadScalars(const Value& value, const JsonLineIndex::Next& next, size_t count,
                     std::string_view* texts) const;
  void TakeStrings(const Value& value, const JsonLineIndex::Next& next, size_t count,
                   std::string_view* texts) const;

  size_t field_count_;
  size_t stop_count_ = 0;
  std::vector<Part> parts_;
  std::vector<Value> strings_;  // of fields
  std::vector<Value> scalars_;
  std::vector<uint32_t> absent_fields_;
};

}  // namespace onrush
