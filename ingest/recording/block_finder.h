// What follows a block that is not whole.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/recording/segment_file.h"

namespace onrush {

// Description
//   Senders put whole blocks into events, so that what looks like a block may be a row's bytes.
//   Where the next block begins is known from the index, from the bad block's header, or, if only
//   that is damaged, from what stands behind it. Where all of it is gone, blocks of a recording are
//   searched for.
// Implementation
//   What is searched for are beginnings: a header, and behind it the schema. Checking all of them
//   would take quadratic time for a segment made to be slow; so a search ends when it has read
//   kMostRead times what there is.
// Threads
//   One at a time.
class BlockFinder {
 public:
  // `file` must outlive the finder, which reads with it: what its block() was is gone.
  explicit BlockFinder(SegmentFile& file);

  // Reads the next whole block behind the bad one at `offset` and returns where it begins; nothing
  // if there is none. One that was searched for is taken only if blocks follow it up to the end, or
  // up to a place with no block behind it: then a row's bytes are not taken for a block that has
  // some behind it. Offset 0 is the file's header.
  absl::StatusOr<std::optional<uint64_t>> NextBehind(uint64_t offset);

  // True if `holds` holds for all whole blocks behind the bad one at `offset`, for those too that
  // may be a row's bytes. False if a search has to end early.
  using BlockTest = std::function<bool(std::string_view block)>;
  absl::StatusOr<bool> AllBehind(uint64_t offset, const BlockTest& holds);

 private:
  static constexpr uint64_t kMostRead = 4;

  // What looks like a block.
  struct Span {
    uint64_t begin;
    uint64_t end;  // perhaps behind that of the file
  };

  // Where the bad block at `offset` ends; nothing if that cannot be known.
  absl::StatusOr<std::optional<uint64_t>> EndOf(uint64_t offset);
  absl::StatusOr<std::optional<uint64_t>> EndByColumns(uint64_t offset);
  uint64_t EndByIndex(uint64_t offset) const;
  absl::StatusOr<bool> IsWhole(uint64_t offset);

  // All that looks like a block of a recording, from there on.
  absl::StatusOr<std::vector<Span>> Search(uint64_t from);
  std::optional<Span> SpanAt(uint64_t offset, std::string_view bytes) const;
  // As IsWhole(), of one that was searched for.
  absl::StatusOr<bool> IsWhole(const Span& span);
  bool MayReadMore() const { return left_to_read_ > 0; }
  absl::StatusOr<std::optional<uint64_t>> FirstInChain(const std::vector<Span>& spans);
  // Which of them have blocks behind them up to the end, or to a place with none behind it.
  absl::StatusOr<std::vector<bool>> InChains(const std::vector<Span>& spans);

  SegmentFile& file_;
  std::string schema_;    // of all blocks, as it stands in them
  size_t head_size_ = 0;  // of all blocks
  int64_t left_to_read_ = 0;
};

}  // namespace onrush
