// Where the fields and records of CSV end.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/byte_masks.h"

namespace onrush {

// Description
//   What the next byte is read as. A quote opens a quoted run at the start of a field, and again
//   right after the quote that closed one (`""`); elsewhere in an unquoted field it is literal.
//   So text after a closing quote, which makes a record bad, is read on as an unquoted field, and a
//   quote that is never closed reaches to the end of the input.
enum class CsvState : uint8_t {
  kMayOpen,   // at the start of a field, or right after a quoted run
  kUnquoted,  // in an unquoted field
  kQuoted,
};

// Bit i speaks of byte i of the chunk.
struct CsvChunk {
  uint64_t field_ends = 0;   // delimiters and newlines outside quotes
  uint64_t record_ends = 0;  // the newlines among them
  bool quotes = false;       // there are quotes, or all of it is quoted
};

// Scans the low `size` (1 to 64) bytes at `p`, one at a time. 64 must be readable, as below.
inline CsvChunk ScanCsvBytes(const char* p, size_t size, char delimiter, CsvState& state) {
  CsvChunk chunk;
  chunk.quotes = true;
  for (size_t i = 0; i < size; ++i) {
    const char c = p[i];
    if (state == CsvState::kQuoted) {
      if (c == '"') state = CsvState::kMayOpen;
    } else if (c == '"') {
      if (state == CsvState::kMayOpen) state = CsvState::kQuoted;
    } else if (c == delimiter || c == '\n') {
      chunk.field_ends |= uint64_t{1} << i;
      chunk.record_ends |= uint64_t{c == '\n'} << i;
      state = CsvState::kMayOpen;
    } else {
      state = CsvState::kUnquoted;
    }
  }
  return chunk;
}

// The same, all at once unless a quote is literal. A byte is quoted if the number of quotes before
// it is odd, provided that every quote which then opens a run is one that may: the byte before it
// ends a field or is the quote that closed the last run.
inline CsvChunk ScanCsvChunk(const char* p, size_t size, char delimiter, CsvState& state) {
  const Bytes64 bytes(p);
  const uint64_t valid = ~uint64_t{0} >> (64 - size);
  const uint64_t last = uint64_t{1} << (size - 1);
  const uint64_t newlines = bytes.Equal('\n') & valid;
  const uint64_t ends = (bytes.Equal(delimiter) & valid) | newlines;
  const uint64_t quotes = bytes.Equal('"') & valid;
  if (quotes == 0) {
    if (state == CsvState::kQuoted) return {0, 0, true};
    state = (ends & last) != 0 ? CsvState::kMayOpen : CsvState::kUnquoted;
    return {ends, newlines, false};
  }
  const uint64_t quoted = PrefixParity(quotes) ^ (state == CsvState::kQuoted ? ~uint64_t{0} : 0);
  const uint64_t may_open = (ends | quotes) << 1 | uint64_t{state == CsvState::kMayOpen};
  if ((quotes & quoted & ~may_open) != 0) return ScanCsvBytes(p, size, delimiter, state);
  state = (quoted & last) != 0            ? CsvState::kQuoted
          : ((ends | quotes) & last) != 0 ? CsvState::kMayOpen
                                          : CsvState::kUnquoted;
  return {ends & ~quoted, newlines & ~quoted, true};
}

}  // namespace onrush
