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
//   What is searched for are headers, once for all damage of a segment. They are checked from the
//   front on, but for those inside of a block found whole, so that all whole blocks together are
//   read once. The others would take quadratic time in a segment made to be slow: together they are
//   read kMostRead times what there is, and one is left alone that would take a large share of what
//   is left of that, for it would keep those behind it from being checked. The same goes for what
//   stands behind damaged headers.
// Threads
//   One at a time.
class BlockFinder {
 public:
  // `file` must outlive the finder, which reads with it: what its block() was is gone.
  explicit BlockFinder(SegmentFile& file);

  // Returns where the next whole block behind the bad one at `offset` begins; nothing if there is
  // none. One that was searched for is taken only if blocks follow it up to a place with none
  // behind it, or at least one up to where the head of another may have been lost: a single one
  // before others is taken for a row's bytes. Offset 0 is the file's header.
  absl::StatusOr<std::optional<uint64_t>> NextBehind(uint64_t offset);

  // True if `holds` holds for all whole blocks behind the bad one at `offset`, for those too that
  // may be a row's bytes, unless they are inside of a whole one. False if a search left some alone.
  using BlockTest = std::function<bool(std::string_view block)>;
  absl::StatusOr<bool> AllBehind(uint64_t offset, const BlockTest& holds);

 private:
  static constexpr uint64_t kMostRead = 4;
  static constexpr uint64_t kLargestShare = 4;  // a quarter: first of all, one may be all there is

  // What looks like a block.
  struct Span {
    uint64_t begin;
    uint64_t end;   // perhaps behind that of the file
    bool has_head;  // schema and table of columns are whole
    bool whole = false;
  };
  // Blocks that follow each other, from one of them on.
  struct Chain {
    size_t whole_count = 0;
    uint64_t end = 0;              // of the last whole one
    std::optional<uint64_t> next;  // where the first whole one behind that begins
  };

  // Where the bad block at `offset` ends; nothing if that cannot be known.
  absl::StatusOr<std::optional<uint64_t>> EndOf(uint64_t offset);
  absl::StatusOr<std::optional<uint64_t>> EndByColumns(uint64_t offset);
  uint64_t EndByIndex(uint64_t offset) const;
  absl::StatusOr<bool> IsWhole(uint64_t offset);

  // Makes spans_ all that looks like a block of a recording, at least from there on, but for what
  // is inside of whole ones; chains_ too.
  absl::Status Search(uint64_t from);
  absl::StatusOr<std::vector<Span>> FindHeaders(uint64_t from);
  // Requires: kBlockHeaderSize + head_size_ bytes.
  std::optional<Span> SpanAt(uint64_t offset, std::string_view bytes) const;
  bool IsHead(const BlockHeader& header, std::string_view head) const;
  // As IsWhole(), of one that was searched for.
  absl::StatusOr<bool> IsWhole(const Span& span);
  void FindChains();
  size_t FirstSpanFrom(uint64_t offset) const;
  // The first that is a block of the recording, as far as what follows it tells.
  std::optional<uint64_t> FirstInChain(uint64_t from) const;

  SegmentFile& file_;
  std::string schema_;    // of all blocks, as it stands in them
  size_t head_size_ = 0;  // of all blocks
  uint64_t left_for_columns_;

  // What was found, for all damage from there on: a sender may have made much of it.
  std::optional<uint64_t> searched_from_;
  std::vector<Span> spans_;
  std::vector<Chain> chains_;  // from each span on
  uint64_t left_to_read_ = 0;
  bool left_some_alone_ = false;
};

}  // namespace onrush
