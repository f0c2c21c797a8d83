// A columnar run of consecutive events of one stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/arrival.h"
#include "core/check.h"
#include "core/line_numbers.h"
#include "core/plan.h"
#include "core/row_watermarks.h"
#include "core/text_arena.h"
#include "core/time.h"
#include "core/value.h"

namespace onrush {

// The distinct texts of a column, from an input that has each of them once.
struct TextDictionary {
  std::vector<std::string_view> entries;
  uint64_t number = 0;  // from 1; no other dictionary, or state of this one, has it
};

// One value per row; which vector holds it follows from the type. All vectors in use have the
// batch's capacity from the start, so that filling a batch never allocates.
struct Column {
  ValueType type;
  std::vector<int64_t> ints;              // int, decimal mantissa, bool (0, 1), timestamp (ns)
  std::vector<double> floats;             // float
  std::vector<std::string_view> strings;  // string; into the block or the batch's arena
  std::vector<uint8_t> nulls;             // 1: the value is absent and must not be read
  // Set: strings[row] is dictionary->entries[codes[row]] in all rows of the batch, so that what
  // depends on a text alone need be found out only once. Valid as long as the batch.
  const TextDictionary* dictionary = nullptr;
  std::vector<uint32_t> codes;

  static Column Make(ValueType type, size_t capacity);
};

struct EventBatch;

// Writes the records of an input that does not have them as text.
class RecordWriter {
 public:
  virtual ~RecordWriter() = default;
  // Appends the record of a row that it decoded.
  virtual void AppendRecord(const EventBatch& batch, size_t row, std::string& out) const = 0;
};

// Description
//   Rows appear in arrival order. Every record of the input is a row, also the bad ones, so that
//   row i has sequence number first_seq + i. A bad row's columns must not be read.
//   Strings and raw lines point into the text block that was decoded (or into `arena`): a batch
//   is valid until that block is reused.
// Threads
//   One at a time: a decoder fills it, the sequencer stamps it, operators read it.
struct EventBatch {
  struct BadRow {
    uint32_t row = 0;
    std::string reason;  // "ts: not a number: 'x'"
  };

  // Columns and per-row vectors for `stream`, `capacity` rows each.
  EventBatch(const StreamPlan& stream, size_t stream_index, size_t capacity);

  // Forgets the rows, keeps the memory.
  void Clear();
  // Makes the columns forget their dictionaries: rows are added that have others, or rows move.
  void ForgetDictionaries();
  size_t capacity() const { return raw.size(); }
  bool full() const { return size == capacity(); }

  // Turns `row` into a bad one; it may be the one that is being added. The first reason stays.
  void MarkBad(size_t row, std::string reason);
  // Puts bad_rows into the order of rows; several steps may have found some.
  void SortBadRows();

  // The record of `row` without its line ending, for the late and bad outputs. Where it was no text
  // it is written into `scratch`, which costs a microsecond, so only for rows that need it.
  std::string_view Record(size_t row, std::string& scratch) const;

  // The name of the input that `row` is from.
  std::string_view FileOf(size_t row) const {
    return arrivals.empty() ? file : arrivals[arrival[row]].sender;
  }

  const int64_t* times() const { return columns[time_column].ints.data(); }

  size_t stream_index = 0;
  size_t time_column = 0;
  size_t size = 0;

  // Filled by the decoder.
  std::vector<Column> columns;        // declared, then derived
  std::vector<std::string_view> raw;  // the record without its line ending; see Record()
  // Set: `raw` is not, because records are no text in the input; they are written when asked for.
  // Valid as long as the batch.
  const RecordWriter* record_writer = nullptr;
  // Of each record's first line in its file. Who adds rows tells that of the first of them.
  LineNumbers lines;
  std::vector<uint8_t> bad;      // 1: see bad_rows; 0 for all rows after Clear()
  std::vector<BadRow> bad_rows;  // ascending by row once sequenced
  std::string_view file;         // the input's name as the user gave it; outlives the batch
  TextArena arena;               // unescaped strings
  uint64_t outside = 0;          // events that were left out: outside the replayed time
  // Live events and recordings: the block's arrivals, and by row, which of them it came with.
  std::span<const Arrival> arrivals;
  std::vector<uint32_t> arrival;

  // Filled by the sequencer.
  uint64_t first_seq = 0;
  RowWatermarks watermarks;
  TimeRange time_range;  // no good row is outside of it; the latest is that of all events so far
};

}  // namespace onrush
