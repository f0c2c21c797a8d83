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
//   Tells whether a line has the same shape as the one that the template was made of, and where its
//   values are.
// Implementation
//   A gap is where a certain one of the line's stops is, so that it can be compared without waiting
//   for the value before it to be scanned: many short, independent chains of work instead of a long
//   one. Here the quotes around a string belong to the gaps beside it, the newline to the last one,
//   and a value is what lies between two gaps. If all gaps are equal, all stops of the line are
//   accounted for, so that no string of it holds one; only numbers and words remain to be checked.
// Threads
//   One at a time.
class JsonTemplate {
 public:
  // Matches no line. Takes all the memory that it will ever need.
  explicit JsonTemplate(size_t field_count);

  // Becomes that of a line, as JsonLineParser has read it; one that matches no line if it has
  // values or gaps that a template cannot have.
  void Assign(const std::vector<JsonStep>& line);

  // If the next line has the shape, sets the texts of all fields and returns true; else returns
  // false and leaves them unspecified. Requires: 64 bytes readable after the text.
  bool Match(const JsonLineIndex::Next& line, std::string_view* texts) const;

  // Which of a line's stops is its newline.
  size_t newline() const { return stop_count_; }

 private:
  static constexpr size_t kMaxParts = 48;

  struct Part {
    JsonGap gap;
    uint32_t stop = 0;     // which of the line's stops is the first in the gap …
    uint32_t stop_at = 0;  // … and its place there
  };
  // A value that is not just skipped: the one after the gap `part`.
  struct Value {
    uint32_t part = 0;
    uint32_t field = kNoField;
  };
  static constexpr uint32_t kNoField = UINT32_MAX;

  bool AddPart(const JsonStep& step, bool after_string, bool is_string);
  void Clear();

  size_t field_count_;
  size_t stop_count_ = 0;
  std::vector<Part> parts_;
  std::vector<Value> strings_;  // of fields
  std::vector<Value> scalars_;
  std::vector<uint32_t> absent_fields_;
};

}  // namespace onrush
