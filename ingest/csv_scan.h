// Where the fields and records of CSV end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ingest/scan_kernels.h"

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

// Finds the ends among `size` (1 to 64) bytes one at a time: masks.ends and masks.newlines are set
// to those outside quotes.
void ScanCsvBytes(const char* p, size_t size, char delimiter, CsvMasks& masks, CsvState& state);

// Description
//   Finds the ends of fields and records of a text, a window at a time.
// Implementation
//   The delimiters, newlines and quotes of all chunks are found first. Without any quote they are
//   the ends. Otherwise, a byte is quoted if the number of quotes before it is odd, provided that
//   every quote which then opens a run is one that may: the byte before it ends a field or is the
//   quote that closed the last run. A chunk for which that is not so has literal quotes and is read
//   byte by byte.
// Threads
//   One at a time.
class CsvScanner {
 public:
  static constexpr size_t kWindowBytes = 16 * 1024;

  explicit CsvScanner(char delimiter, const ScanKernels& kernels = BestScanKernels())
      : kernels_(kernels), delimiter_(delimiter) {}

  // Scans 1 to kWindowBytes bytes, after which 64 more must be readable; `state` becomes that after
  // them. About 0.05 ns a byte, with quotes 0.2.
  void Scan(const char* p, size_t size, CsvState& state);

  // Of the last window, in chunks of 64 bytes: ends and newlines outside quotes.
  const CsvMasks* masks() const { return masks_.data(); }
  size_t chunk_count() const { return chunk_count_; }
  // True if it had quotes, or was quoted itself.
  bool quotes() const { return quotes_; }
  // True if it had newlines inside quotes.
  bool quoted_newlines() const { return quoted_newlines_; }

  // Write the positions of its ends (newlines) to `out`, counted from `base`; return how many. May
  // overwrite kOverwritten entries more.
  static constexpr size_t kOverwritten = ScanKernels::kOverwritten;
  size_t WriteEnds(uint32_t base, uint32_t* out) const {
    return kernels_.write_positions(&masks_[0].ends, chunk_count_, kStride, base, out);
  }
  size_t WriteNewlines(uint32_t base, uint32_t* out) const {
    return kernels_.write_positions(&masks_[0].newlines, chunk_count_, kStride, base, out);
  }

 private:
  static constexpr size_t kStride = sizeof(CsvMasks) / sizeof(uint64_t);

  void DropQuoted(const char* p, size_t size, CsvState& state);
  void DropQuotedOfChunk(const char* p, size_t size, CsvMasks& masks, CsvState& state);

  const ScanKernels& kernels_;
  const char delimiter_;
  std::array<CsvMasks, kWindowBytes / 64> masks_;
  size_t chunk_count_ = 0;
  bool quotes_ = false;
  bool quoted_newlines_ = false;
};

}  // namespace onrush
