// Where bytes come from, and how bytes become rows: the two interfaces that ingest/ implements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/arrival.h"
#include "core/event_batch.h"

namespace onrush {

// A run of whole records of one input, cut at a record's end, so that any thread may decode it
// without its neighbours. Only the last block of an input may end in an unfinished record.
struct TextBlock {
  // Readable bytes that must follow `text` in memory, so that decoders may load whole vectors.
  static constexpr size_t kPadding = 64;

  uint64_t number = 0;    // from 0, without gaps, over all inputs of the source
  std::string_view text;  // into `memory`
  // Live events and recordings have these instead of `text`. If first_of_input is set, the first
  // of them begins a text input, perhaps with a header; no other one does.
  std::vector<Arrival> arrivals;
  uint64_t first_line = 1;  // the number of the line that `text` begins with
  uint64_t offset = 0;      // binary formats: where `text` begins in the input
  // Binary formats: events that were passed over before this block, since they lie outside the
  // time that is replayed. Blocks may have nothing but these.
  uint64_t events_outside = 0;
  // Binary formats: `text` has gaps where the columns are that the stream does not need.
  bool partial = false;
  bool first_of_input = false;
  bool last_of_input = false;  // text formats: binary ones do not know before the next
  std::string_view file;       // the input's name as the user gave it; lives as long as the source

  // What holds the text: the source fills and sizes it. A block that is used up should be passed to
  // Next() again, so that its memory is.
  std::unique_ptr<char[]> memory;
  size_t memory_size = 0;
};

// Yields an input's bytes as blocks. One thread calls it.
class Source {
 public:
  virtual ~Source() = default;

  // Fills `block` and returns true, or returns false at the end of the last input. Errors name the
  // file; kDataLoss says that compressed data is damaged or cut short. After an error the source
  // is done.
  virtual absl::StatusOr<bool> Next(TextBlock& block) = 0;

  // Once Next() returned false: true if that is the end of what is to come, so that all that is
  // pending fires; false if it was broken off, like a live run that was told to stop.
  virtual bool ends_input() const { return true; }

  // True if Next() may wait for bytes to come (a pipe, a terminal) rather than read what is there.
  virtual bool may_wait() const = 0;

  // What whoever runs it should be told when it is over: what was not whole, and what was made of
  // it.
  virtual std::vector<std::string> notes() const { return {}; }

  // Bytes read from the inputs so far, before decompression, and their total (0: not known), for
  // progress.
  virtual uint64_t bytes_read() const = 0;
  virtual uint64_t bytes_total() const = 0;
};

// Turns text into rows. One decoder per thread; it holds no state from one block to the next but
// an input's header.
class Decoder {
 public:
  virtual ~Decoder() = default;

  // Begins `block`, reading the header if it is an input's first. Fails with kInvalidArgument when
  // the header lacks or repeats a declared column.
  virtual absl::Status Start(const TextBlock& block) = 0;

  // Appends rows until the batch is full or the block has no more. Returns false when the block is
  // used up. Rows that do not parse are marked bad with a reason. Does not set derived columns.
  virtual bool Decode(EventBatch& batch) = 0;

  // Takes over what `other`, a decoder of the same stream and format, learned from the header of
  // the input whose block it started last: then Start() may follow with that input's next block.
  // `other` may be decoding meanwhile.
  virtual void ContinueInputOf(const Decoder& other) = 0;
};

}  // namespace onrush
