// The lines of a text, a window at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace onrush {

// Description
//   Fill() finds the newlines of the next 16 KiB or so, Next() hands out the lines that end there.
//   The last line of a text may lack its newline.
// Threads
//   One per decoder.
class LineIndex {
 public:
  // Requires: fewer than 2^32 bytes of text, and 64 more readable after it.
  void Begin(std::string_view text, size_t begin);

  // Forgets the lines known. False if there are no more. About 0.1 ns a byte.
  bool Fill();
  bool HasNext() const { return next_ < count_; }

  // The next of the known lines, without its newline; false if there is none.
  bool Next(std::string_view& line) {
    if (!HasNext()) return false;
    const uint32_t end = ends_.data()[next_++];
    line = text_.substr(begin_, end - begin_);
    begin_ = end + 1;
    return true;
  }

  // True if a known line may hold bytes that are not ASCII.
  bool non_ascii() const { return non_ascii_; }

 private:
  static constexpr size_t kWindowBytes = 16 * 1024;

  void ScanWindow();
  void ScanChunk(size_t size);

  std::string_view text_;
  size_t scanned_ = 0;
  uint32_t begin_ = 0;  // of the next line
  std::vector<uint32_t> ends_;
  uint32_t count_ = 0;
  uint32_t next_ = 0;
  bool non_ascii_ = false;
};

}  // namespace onrush
