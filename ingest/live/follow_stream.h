// A file that grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/runtime/stop_token.h"
#include "core/time.h"
#include "ingest/byte_stream.h"

namespace onrush {

struct FollowOptions {
  // Read() fails with kDeadlineExceeded when nothing came for so long, so that its caller can do
  // what is to be done now and then; it may be called again.
  Duration longest_wait{50 * 1'000'000};
  // How long a file that was replaced by another one is still read after its last byte: whoever
  // wrote it may take a moment to notice.
  Duration rotation_grace{500 * 1'000'000};
  // Read() fails with kCancelled once all that is there was read.
  StopToken stop;
};

// Description
//   A file is at its end when its name belongs to another one (logs that are rotated by renaming),
//   or when it is shorter than what was read of it (by truncating). What is written between two
//   looks to a file that is replaced twice, or that grows past its old length again right after
//   being truncated, is missed or taken for the end of a line, as by any such reader. Looks every
//   2 ms.
// Threads
//   One at a time.
class FollowStream : public ByteStream {
 public:
  // From the beginning of the file. Fails if `name` is missing or cannot be read. `bytes_read`,
  // which outlives the stream, is increased by every read.
  static absl::StatusOr<std::unique_ptr<FollowStream>> Open(const std::string& name,
                                                            const FollowOptions& options,
                                                            uint64_t& bytes_read);
  ~FollowStream() override;
  FollowStream(const FollowStream&) = delete;
  FollowStream& operator=(const FollowStream&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override;

 private:
  enum class State : uint8_t { kGrowing, kReplaced, kTruncated };

  FollowStream(std::string name, const FollowOptions& options, int descriptor,
               uint64_t& bytes_read);
  State Look() const;
  // True if nothing will be appended any more.
  bool IsOver(int64_t now);

  const std::string name_;
  const FollowOptions options_;
  const int descriptor_;
  uint64_t& bytes_read_;
  uint64_t position_ = 0;
  int64_t replaced_since_ns_ = 0;  // 0: its name is its own
};

}  // namespace onrush
