// The rows of a recording.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/arrival.h"
#include "core/block/block_schema.h"
#include "core/plan.h"
#include "ingest/recording/record_splitter.h"

namespace onrush {

// What a row holds; the number is what stands in the file.
enum class RecordedKind : uint8_t {
  kText = 0,        // a record of a text input: blank lines too
  kFirstText = 1,   // … that begins an input: a header, where there is one
  kRecord = 2,      // one record of a datagram; read, but no longer written
  kLastRecord = 3,  // … the last one, without its newline; likewise
  kBlock = 4,       // a packed block
  kEnd = 5,         // the input ended here: what was pending fired
  kRecords = 6,     // all records of a datagram
};
inline constexpr RecordedKind kHighestRecordedKind = RecordedKind::kRecords;

// The columns, in order. See README.md for what they mean.
namespace recorded {
enum Column : size_t { kArrived, kKind, kStream, kFormat, kSender, kLine, kSafeRows, kRaw };
}
const BlockSchema& RecordingSchema();

struct RecordedRow {
  RecordedKind kind = RecordedKind::kText;
  std::string_view raw = {};
  std::string_view sender = {};
  int64_t arrived_ns = 0;
  uint64_t line = 0;
};

// Calls row(RecordedRow) for what arrived: one for each record of a text, one for a datagram.
// `first_of_input` as in TextBlock.
template <typename RowFn>
void ForEachRow(const Arrival& arrival, bool first_of_input, Format format, char delimiter,
                RowFn row) {
  RecordedRow next{.kind = RecordedKind::kText,
                   .raw = arrival.bytes,
                   .sender = arrival.sender,
                   .arrived_ns = arrival.arrived_ns,
                   .line = arrival.line};
  if (arrival.kind != ArrivalKind::kText) {
    const bool is_block = arrival.kind == ArrivalKind::kBlock;
    next.kind = is_block ? RecordedKind::kBlock : RecordedKind::kRecords;
    return row(next);
  }
  if (first_of_input) next.kind = RecordedKind::kFirstText;
  SplitRecords(arrival.bytes, format, delimiter, [&](std::string_view raw) {
    next.raw = raw;
    row(next);
    next.kind = RecordedKind::kText;
    next.line += static_cast<uint64_t>(std::count(raw.begin(), raw.end(), '\n'));
  });
}

}  // namespace onrush
