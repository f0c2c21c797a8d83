// Rows of a recording back into arrivals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/arrival.h"
#include "core/runtime/source.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {

// Description
//   Puts rows together that came from one text, and datagrams of one sender that were there at the
//   same time, since long arrivals decode faster. What is cut differently from how it arrived gives
//   the same events: only whole records are joined.
// Threads
//   One at a time.
class ArrivalJoiner {
 public:
  // Begins a block, which gets memory for `bytes` bytes of records. `is_csv`: quotes may hold
  // newlines.
  void Begin(TextBlock& block, size_t bytes, bool is_csv);
  // Adds a row that is not kEnd; its sender must live as long as the source.
  void Add(const RecordedRow& row);

 private:
  bool Continues(const RecordedRow& row) const;
  // True if bytes that follow those of a datagram begin another record.
  bool EndsRecord(std::string_view raw) const;

  bool is_csv_ = false;
  TextBlock* block_ = nullptr;
  size_t used_ = 0;  // of the block's memory
  ArrivalKind last_kind_ = ArrivalKind::kBlock;
  bool last_ended_ = false;  // the last row ended a record
  uint64_t next_line_ = 0;   // after the last row
  bool only_blank_ = false;  // the last arrival is a text, so far of line ends alone
};

}  // namespace onrush
