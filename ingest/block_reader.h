// Cuts the bytes of an input into blocks of whole records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "core/runtime/stop_token.h"
#include "ingest/byte_stream.h"
#include "ingest/record_cutter.h"

namespace onrush {

struct BlockOptions {
  // Behaviour
  // The longest record, in bytes with its line ending, 1 to 1 GiB. A longer one, which in CSV is
  // most likely a quote left open, ends the run with an error: to go on would mean to drop bytes or
  // to hold the whole input in memory. Not less than block_bytes.
  size_t max_record_bytes = size_t{64} << 20;
  // Ends a wait for bytes, with kCancelled.
  StopToken stop;

  // Performance
  // Bytes read and decoded at a time, 1 to 1 GiB; a record that is longer makes blocks longer.
  // 512 KiB stay in the second cache between reading and decoding.
  size_t block_bytes = size_t{512} << 10;

  absl::Status Validate() const;
};

// Description
//   A buffer is filled from a stream and goes away with the block; its last, unfinished record is
//   copied to the front of the memory that the block brought along. One input after the other can
//   be opened.
// Threads
//   One at a time.
class BlockReader {
 public:
  // Requires: valid options.
  BlockReader(Format format, char delimiter, const BlockOptions& options);

  // Begins an input; the one before must be at its end. `name` must outlive the blocks. A block is
  // filled before it is handed out if `never_waits`; otherwise whatever whole records a read brings
  // are handed out at once.
  void Open(std::unique_ptr<ByteStream> stream, std::string_view name, bool never_waits);
  bool is_open() const { return stream_ != nullptr; }

  // The next block of the open input; the one that ends it (perhaps empty) has last_of_input set
  // and closes it. Requires: is_open().
  absl::Status Next(TextBlock& block);

 private:
  absl::Status Read();
  absl::Status MakeRoom();
  void Deliver(size_t size, TextBlock& block);

  const BlockOptions options_;
  RecordCutter cutter_;
  std::unique_ptr<ByteStream> stream_;
  std::string_view name_;
  bool never_waits_ = true;

  size_t capacity_;
  std::unique_ptr<char[]> buffer_;  // capacity_ bytes and the padding
  size_t size_ = 0;
  bool ended_ = false;  // the stream is

  uint64_t next_number_ = 0;
  uint64_t next_line_ = 1;
  bool first_of_input_ = true;
};

}  // namespace onrush
