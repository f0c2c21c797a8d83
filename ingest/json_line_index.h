// The lines of a JSON Lines text and what stands out in them, a window at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/scan_kernels.h"

namespace onrush {

// Description
//   Fill() finds the stops (quotes, backslashes, control characters, newlines too) of the next
//   16 KiB or so; then the lines that end there can be taken one by one. Where a line ends need not
//   be known for that: whoever guesses which of its stops is the newline can look. The stops of
//   some lines are not known: of the last line of a text, if it lacks its newline, and of one that
//   has thousands of them in one window and goes on in the next.
// Threads
//   One per decoder.
class JsonLineIndex {
 public:
  explicit JsonLineIndex(const ScanKernels& kernels) : kernels_(kernels) {}

  // Requires: fewer than 2^32 bytes of text, and 64 more readable after it.
  void Begin(std::string_view text, size_t begin);

  // Makes more lines known; the ones known before must have been taken. False if there are no more.
  // About 0.1 ns a byte.
  bool Fill();
  bool HasNext() const { return next_stop_ < known_stops_ || last_line_; }

  // The next line. Requires: HasNext().
  struct Next {
    const char* base;       // what places count from
    uint32_t begin;         // the place of the line
    const uint32_t* stops;  // the places of its stops and of those after them …
    size_t stop_count;      // … up to the last known newline; 0 if its stops are not known
  };
  Next next() const {
    return {text_.data(), begin_, stops_.data() + next_stop_,
            stops_dropped_ ? 0 : known_stops_ - next_stop_};
  }

  // Takes the next line, whose newline is that of its stops. The text is without it.
  std::string_view Take(size_t newline) {
    const uint32_t end = stops_.data()[next_stop_ + newline];
    const std::string_view line(text_.data() + begin_, end - begin_);
    begin_ = end + 1;
    next_stop_ += static_cast<uint32_t>(newline) + 1;
    return line;
  }

  // Takes the next line whatever it is, and tells how many stops it has.
  struct Line {
    std::string_view text;  // without its newline
    size_t stop_count = 0;
    bool has_newline = true;
  };
  Line Take();

  // True if a known line may hold bytes that are not ASCII.
  bool non_ascii() const { return non_ascii_; }

 private:
  static constexpr size_t kWindowBytes = 16 * 1024;
  static constexpr size_t kMaxKeptStops = 4096;

  void KeepUnfinishedLine();
  void ScanWindow();

  const ScanKernels& kernels_;
  std::string_view text_;
  size_t scanned_ = 0;
  bool non_ascii_ = false;
  std::array<uint64_t, kWindowBytes / 64> masks_;

  std::vector<uint32_t> stops_;
  uint32_t stop_count_ = 0;
  uint32_t known_stops_ = 0;    // up to the last newline
  bool stops_dropped_ = false;  // of the beginning of the next line
  bool last_line_ = false;      // it lacks its newline and is all that is left

  uint32_t next_stop_ = 0;
  uint32_t begin_ = 0;
};

}  // namespace onrush
