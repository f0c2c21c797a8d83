#include "ingest/recording/block_finder.h"

#include <algorithm>

#include "core/block/block_format.h"
#include "core/block/block_schema.h"
#include "core/block/column_table.h"
#include "core/block/file_index.h"
#include "core/status_macros.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {

BlockFinder::BlockFinder(SegmentFile& file)
    : file_(file), left_for_columns_(kMostRead * file.blocks_end()) {
  AppendSchema(RecordingSchema(), schema_);
  head_size_ = schema_.size() + RecordingSchema().columns.size() * kStoredColumnSize;
}

absl::StatusOr<std::optional<uint64_t>> BlockFinder::NextBehind(uint64_t offset) {
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const std::optional<uint64_t> next, EndOf(offset));
    if (!next) break;
    if (*next >= file_.blocks_end()) return std::nullopt;
    offset = *next;
    ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(offset));
    if (whole) return offset;
  }
  ONRUSH_RETURN_IF_ERROR(Search(offset + 1));
  return FirstInChain(offset + 1);
}

absl::StatusOr<bool> BlockFinder::AllBehind(uint64_t offset, const BlockTest& holds) {
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const std::optional<uint64_t> next, EndOf(offset));
    if (!next) break;
    if (*next >= file_.blocks_end()) return true;
    offset = *next;
    ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(offset));
    if (whole && !holds(file_.block())) return false;
  }
  ONRUSH_RETURN_IF_ERROR(Search(offset + 1));
  for (const Span& span : spans_) {
    if (!span.whole || span.begin <= offset) continue;
    ONRUSH_RETURN_IF_ERROR(file_.ReadBlock(span.begin));
    if (!holds(file_.block())) return false;
  }
  return !left_some_alone_;
}

absl::StatusOr<std::optional<uint64_t>> BlockFinder::EndOf(uint64_t offset) {
  if (offset < kFileHeaderSize) return kFileHeaderSize;
  if (file_.closed_index()) return EndByIndex(offset);
  const absl::StatusOr<BlockHeader> header = file_.ReadHeader(offset);
  if (header.ok()) return offset + header->block_size();
  if (header.status().code() != absl::StatusCode::kDataLoss) return header.status();
  return EndByColumns(offset);
}

uint64_t BlockFinder::EndByIndex(uint64_t offset) const {
  const std::vector<BlockEntry>& blocks = file_.closed_index()->blocks;
  const auto next = std::upper_bound(blocks.begin(), blocks.end(), offset,
                                     [](uint64_t a, const BlockEntry& b) { return a < b.offset; });
  return next == blocks.end() ? file_.blocks_end() : next->offset;
}

// Checksums that are all right show that the sizes are.
absl::StatusOr<std::optional<uint64_t>> BlockFinder::EndByColumns(uint64_t offset) {
  const uint64_t head_begin = offset + kBlockHeaderSize;
  if (file_.blocks_end() < head_begin + head_size_) return std::nullopt;
  std::string head(head_size_, '\0');
  ONRUSH_RETURN_IF_ERROR(file_.ReadAt(head_begin, head.data(), head.size()));
  if (!head.starts_with(schema_)) return std::nullopt;
  const auto header = HeaderFromHead(head, static_cast<uint32_t>(schema_.size()));
  if (!header || file_.blocks_end() - offset < header->block_size()) return std::nullopt;
  const uint64_t size = header->payload_size();
  if (size > left_for_columns_ / kLargestShare) return std::nullopt;
  ONRUSH_ASSIGN_OR_RETURN(const std::string_view payload, file_.ReadBytes(head_begin, size));
  if (IsIntact(*header, payload)) return offset + header->block_size();
  left_for_columns_ -= size;
  return std::nullopt;
}

absl::StatusOr<bool> BlockFinder::IsWhole(uint64_t offset) {
  const absl::Status status = file_.ReadBlock(offset);
  if (status.ok()) return true;
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  return false;
}

absl::Status BlockFinder::Search(uint64_t from) {
  if (searched_from_ && from >= *searched_from_) return absl::OkStatus();
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<Span> headers, FindHeaders(from));
  left_to_read_ = kMostRead * (file_.blocks_end() - std::min(from, file_.blocks_end()));
  left_some_alone_ = false;
  spans_.clear();
  uint64_t whole_end = 0;
  for (Span span : headers) {
    if (span.begin < whole_end) continue;
    ONRUSH_ASSIGN_OR_RETURN(span.whole, IsWhole(span));
    if (span.whole) whole_end = span.end;
    spans_.push_back(span);
  }
  FindChains();
  searched_from_ = from;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<BlockFinder::Span>> BlockFinder::FindHeaders(uint64_t from) {
  constexpr uint64_t kStep = 1 << 20;
  const uint64_t size = kBlockHeaderSize + head_size_;
  const uint64_t end = file_.blocks_end();
  std::vector<Span> spans;
  std::string window;
  while (from + size <= end) {
    window.resize(std::min(kStep, end - from));
    ONRUSH_RETURN_IF_ERROR(file_.ReadAt(from, window.data(), window.size()));
    size_t at = window.find(kBlockMagic);
    for (; at != window.npos && at + size <= window.size(); at = window.find(kBlockMagic, at + 1)) {
      const auto span = SpanAt(from + at, std::string_view(window).substr(at, size));
      if (span) spans.push_back(*span);
    }
    from += window.size() - size + 1;
  }
  return spans;
}

std::optional<BlockFinder::Span> BlockFinder::SpanAt(uint64_t offset,
                                                     std::string_view bytes) const {
  const absl::StatusOr<BlockHeader> header = ReadBlockHeader(bytes);
  if (!header.ok() || header->schema_size != schema_.size()) return std::nullopt;
  if (header->head_size() != head_size_) return std::nullopt;
  return Span{.begin = offset,
              .end = offset + header->block_size(),
              .has_head = IsHead(*header, bytes.substr(kBlockHeaderSize))};
}

bool BlockFinder::IsHead(const BlockHeader& header, std::string_view head) const {
  std::vector<StoredColumn> columns;
  return head.starts_with(schema_) && Checksum(head) == header.head_checksum &&
         ReadColumnTable(header, head.substr(schema_.size()), columns).ok();
}

absl::StatusOr<bool> BlockFinder::IsWhole(const Span& span) {
  if (!span.has_head || span.end > file_.blocks_end()) return false;
  const uint64_t size = span.end - span.begin;
  if (size > left_to_read_ / kLargestShare) {
    left_some_alone_ = true;
    return false;
  }
  ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(span.begin));
  if (!whole) left_to_read_ -= size;
  return whole;
}

// From the last one on: each takes over what is known of the one behind it.
void BlockFinder::FindChains() {
  chains_.assign(spans_.size(), {});
  std::optional<uint64_t> next_whole;
  for (size_t i = spans_.size(); i-- > 0;) {
    const Span& span = spans_[i];
    const size_t next = FirstSpanFrom(span.end);
    if (next < spans_.size() && spans_[next].begin == span.end) chains_[i] = chains_[next];
    if (!span.whole) continue;
    if (chains_[i].whole_count++ == 0) {
      chains_[i].end = span.end;
      chains_[i].next = next_whole;
    }
    next_whole = span.begin;
  }
}

size_t BlockFinder::FirstSpanFrom(uint64_t offset) const {
  const auto first = std::lower_bound(spans_.begin(), spans_.end(), offset,
                                      [](const Span& a, uint64_t b) { return a.begin < b; });
  return static_cast<size_t>(first - spans_.begin());
}

std::optional<uint64_t> BlockFinder::FirstInChain(uint64_t from) const {
  for (size_t i = FirstSpanFrom(from); i < spans_.size(); ++i) {
    if (!spans_[i].whole) continue;
    const Chain& chain = chains_[i];
    if (!chain.next) return spans_[i].begin;
    const bool room_for_head = *chain.next - chain.end >= kBlockHeaderSize + head_size_;
    if (chain.whole_count >= 2 && room_for_head) return spans_[i].begin;
  }
  return std::nullopt;
}

}  // namespace onrush
