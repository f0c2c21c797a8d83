// A file that grows, through rotation, as a source.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/block_reader.h"
#include "ingest/live/follow_stream.h"

namespace onrush {

// Description
//   Reads what is in the file, then what is appended, as soon as it is a whole record. Each file
//   that takes the name is an input of its own, with a header where the format has one; the last
//   record of the one before need not end with a newline. Next() returns an empty block when
//   nothing came for FollowOptions::longest_wait.
// Threads
//   One at a time.
class FollowSource : public Source {
 public:
  // Fails if `file` is missing, is no regular file or cannot be read.
  static absl::StatusOr<std::unique_ptr<FollowSource>> Open(const std::string& file, Format format,
                                                            char delimiter,
                                                            const FollowOptions& options);

  absl::StatusOr<bool> Next(TextBlock& block) override;

  bool ends_input() const override { return false; }
  bool may_wait() const override { return true; }
  uint64_t bytes_read() const override { return bytes_read_; }
  uint64_t bytes_total() const override { return 0; }

 private:
  FollowSource(std::string file, Format format, char delimiter, const FollowOptions& options);
  absl::Status OpenFile();
  absl::Status NextBlock(TextBlock& block);

  const std::string file_;
  const FollowOptions options_;
  BlockReader reader_;
  uint64_t bytes_read_ = 0;
  uint64_t next_number_ = 0;
};

}  // namespace onrush
