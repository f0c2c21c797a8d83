// Rows of a recording back into arrivals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/runtime/source.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {

// Description
//   Puts rows together that came from one text or one datagram, since long arrivals decode faster.
//   What is cut differently from how it arrived gives the same events: only whole records are
//   joined.
// Threads
//   One at a time.
class ArrivalJoiner {
 public:
  // Begins a block, which gets memory for `bytes` bytes of records.
  void Begin(TextBlock& block, size_t bytes);
  // Adds a row that is not kEnd; its sender must live as long as the source.
  void Add(const RecordedRow& row);

 private:
  bool Continues(const RecordedRow& row) const;

  TextBlock* block_ = nullptr;
  size_t used_ = 0;  // of the block's memory
  RecordedKind last_kind_ = RecordedKind::kEnd;
  uint64_t next_line_ = 0;   // after the last row
  bool only_blank_ = false;  // the last arrival is a text, so far of line ends alone
};

}  // namespace onrush
