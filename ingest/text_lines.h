// The lines of a block, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/runtime/source.h"
#include "ingest/byte_order_mark.h"

namespace onrush {

// For formats whose decoding costs more than finding where a line ends. One thread.
class TextLines {
 public:
  void Begin(const TextBlock& block) {
    rest_ = block.text;
    next_number_ = block.first_line;
    if (block.first_of_input) rest_.remove_prefix(ByteOrderMarkSize(rest_));
  }

  // The next line that is not white space alone, without its LF or CRLF; false if there is none.
  bool Next(std::string_view& line) {
    while (!rest_.empty()) {
      const size_t end = rest_.find('\n');
      line = rest_.substr(0, end);
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
      ++next_number_;
      if (line.find_first_not_of(" \t\r") == line.npos) continue;
      if (line.ends_with('\r')) line.remove_suffix(1);
      return true;
    }
    return false;
  }
  // Of the line that Next() gave, from 1 on.
  uint64_t number() const { return next_number_ - 1; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  uint64_t next_number_ = 1;
};

}  // namespace onrush
