#include "ingest/recording/block_finder.h"

#include <algorithm>

#include "core/block/block_format.h"
#include "core/block/block_schema.h"
#include "core/block/column_table.h"
#include "core/block/file_index.h"
#include "core/status_macros.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {

BlockFinder::BlockFinder(SegmentFile& file) : file_(file) {
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
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<Span> spans, Search(offset + 1));
  return FirstInChain(spans);
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
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<Span> spans, Search(offset + 1));
  for (const Span& span : spans) {
    ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(span));
    if (!MayReadMore() || (whole && !holds(file_.block()))) return false;
  }
  return true;
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
  ONRUSH_ASSIGN_OR_RETURN(const std::string_view payload,
                          file_.ReadBytes(head_begin, header->payload_size()));
  if (!IsIntact(*header, payload)) return std::nullopt;
  return offset + header->block_size();
}

absl::StatusOr<bool> BlockFinder::IsWhole(uint64_t offset) {
  const absl::Status status = file_.ReadBlock(offset);
  if (status.ok()) return true;
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  return false;
}

absl::StatusOr<std::vector<BlockFinder::Span>> BlockFinder::Search(uint64_t from) {
  constexpr uint64_t kStep = 1 << 20;
  const uint64_t size = kBlockHeaderSize + schema_.size();
  const uint64_t end = file_.blocks_end();
  left_to_read_ = static_cast<int64_t>(kMostRead * (end - std::min(from, end)) + 1);
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

// The schema first, since looking at it costs less.
std::optional<BlockFinder::Span> BlockFinder::SpanAt(uint64_t offset,
                                                     std::string_view bytes) const {
  if (!bytes.ends_with(schema_)) return std::nullopt;
  const absl::StatusOr<BlockHeader> header = ReadBlockHeader(bytes);
  if (!header.ok() || header->schema_size != schema_.size()) return std::nullopt;
  if (header->head_size() != head_size_) return std::nullopt;
  return Span{offset, offset + header->block_size()};
}

absl::StatusOr<bool> BlockFinder::IsWhole(const Span& span) {
  if (span.end > file_.blocks_end() || !MayReadMore()) return false;
  left_to_read_ -= static_cast<int64_t>(span.end - span.begin);
  return IsWhole(span.begin);
}

absl::StatusOr<std::optional<uint64_t>> BlockFinder::FirstInChain(const std::vector<Span>& spans) {
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<bool> in_chain, InChains(spans));
  for (size_t i = 0; i < spans.size() && MayReadMore(); ++i) {
    if (!in_chain[i]) continue;
    ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(spans[i]));
    if (whole) return spans[i].begin;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<bool>> BlockFinder::InChains(const std::vector<Span>& spans) {
  uint64_t last_whole = 0;
  for (size_t i = spans.size(); i > 0 && last_whole == 0; --i) {
    ONRUSH_ASSIGN_OR_RETURN(const bool whole, IsWhole(spans[i - 1]));
    if (whole) last_whole = spans[i - 1].begin;
  }
  std::vector<bool> in_chain(spans.size());
  // From the last one on: each takes over what is known of the one behind it.
  for (size_t i = spans.size(); i > 0; --i) {
    const uint64_t end = spans[i - 1].end;
    const auto next = std::lower_bound(spans.begin(), spans.end(), end,
                                       [](const Span& a, uint64_t b) { return a.begin < b; });
    const bool followed = next != spans.end() && next->begin == end;
    in_chain[i - 1] = followed ? in_chain[static_cast<size_t>(next - spans.begin())]
                               : end >= file_.blocks_end() || end > last_whole;
  }
  return in_chain;
}

}  // namespace onrush
