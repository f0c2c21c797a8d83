// A line of JSON that holds nothing unusual, in whatever order its members come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/json_line_index.h"
#include "ingest/json_paths.h"

namespace onrush {

// Description
//   Reads an object whose members are strings without escapes, short numbers, true, false or null,
//   with no white space but a space after a colon or comma. What else there is in JSON is left to
//   JsonLineParser, which has the rules.
// Implementation
//   The line's stops are the quotes of its names and strings, in turn: from one member to the next
//   leads only whether its value begins with a quote. Nothing is scanned, and no branch depends on
//   which member comes: the processor can read several at a time.
// Threads
//   Immutable; any thread.
class JsonFlatLine {
 public:
  // Reads no line at all if there are too many fields, or their names resemble each other too much.
  // `paths` must outlive it.
  explicit JsonFlatLine(const JsonPaths& paths);

  // If the next line is such an object, sets the texts of all fields and returns which of its stops
  // is its newline; else returns kUnusual and leaves the texts unspecified. Requires: 64 bytes
  // readable after the text.
  static constexpr size_t kUnusual = 0;
  size_t Read(const JsonLineIndex::Next& next, std::string_view* texts) const;

 private:
  // A name is known by its size, its first and its last eight bytes, up to 16 bytes for certain.
  struct Name {
    uint64_t first = 0, last = 0;
    size_t size = 0;
  };
  struct Known {
    Name name;
    std::string_view text;
    uint32_t member = kUndeclared;
  };
  // What is not the number of a field, at most kMaxFields.
  static constexpr uint32_t kMaxFields = 62;
  static constexpr uint32_t kOnPath = 62;  // declared paths go on below
  static constexpr uint32_t kUndeclared = 63;

  static constexpr size_t kMaxMembers = 64;  // of a line
  struct Member;
  struct Scalar;

  // Requires: size > 0, and eight bytes readable.
  static Name NameOf(const char* begin, size_t size);
  size_t SlotOf(const Name& name) const {
    return (name.first ^ name.last * 31 ^ name.size) * multiplier_ >> table_shift_;
  }
  bool FillTable(const std::vector<Known>& declared);
  uint32_t Find(std::string_view text) const;

  size_t field_count_;
  std::vector<Known> table_;  // by SlotOf(), without collisions; empty: no line is read
  int table_shift_ = 0;
  uint64_t multiplier_ = 0x9E3779B97F4A7C15;  // odd
};

}  // namespace onrush
