// What came in at once, from whom and when: live events, and those of a recording.
#pragma once

#include <cstdint>
#include <string_view>

namespace onrush {

enum class ArrivalKind : uint8_t {
  kText,     // whole records of a text input, which may have a header
  kRecords,  // whole records that stand alone: a datagram, which never has a header
  kBlock,    // one block in the format of core/block
};

// Description
//   The bytes of one datagram, or of one read from a text input, or the part of them that was
//   recorded together. All their events arrived at once.
struct Arrival {
  ArrivalKind kind = ArrivalKind::kRecords;
  std::string_view bytes;   // TextBlock::kPadding more bytes are readable
  std::string_view sender;  // as a file's name in the bad output; lives as long as the source
  int64_t arrived_ns = 0;   // wall clock, since 1970-01-01T00:00:00Z
  // The number of the first line, from 1 on; of datagrams, the number that their sender gave them.
  uint64_t line = 1;
};

}  // namespace onrush
