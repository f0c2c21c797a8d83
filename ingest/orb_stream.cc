#include "ingest/orb_stream.h"

#include <algorithm>
#include <cstring>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {

absl::Status AtByte(std::string_view file, uint64_t offset, const absl::Status& why) {
  return absl::Status(why.code(),
                      fmt::format("{}: at byte {}: {}", file, offset,
                                  std::string_view(why.message().data(), why.message().size())));
}

absl::StatusOr<bool> OrbStream::Next() {
  if (!started_) ONRUSH_RETURN_IF_ERROR(ReadFileHeader().status());
  started_ = true;
  offset_ = index_.end();
  head_.clear();
  ONRUSH_RETURN_IF_ERROR(ReadHead(kBlockHeaderSize));
  if (head_.empty()) return EndAt(End::kUnclosed);
  const std::string_view magic = std::string_view(head_).substr(0, kBlockMagic.size());
  if (magic == kIndexMagic) return EndWithIndex();
  if (!kBlockMagic.starts_with(magic) && !kIndexMagic.starts_with(magic)) {
    return AtByte(name_, offset_, absl::DataLossError("no block begins here"));
  }
  if (head_.size() < kBlockHeaderSize) return EndAt(End::kTorn);
  absl::StatusOr<BlockHeader> header = ReadBlockHeader(head_);
  if (!header.ok()) return AtByte(name_, offset_, header.status());
  header_ = *header;
  const size_t head_size = kBlockHeaderSize + header_.head_size();
  ONRUSH_RETURN_IF_ERROR(ReadHead(head_size));
  return head_.size() == head_size || EndAt(End::kTorn);
}

absl::StatusOr<bool> OrbStream::Read(char* to, const std::vector<bool>* columns) {
  std::memcpy(to, head_.data(), head_.size());
  to += head_.size();
  bool whole = false;
  const std::string_view table =
      std::string_view(head_).substr(kBlockHeaderSize).substr(header_.schema_size);
  // What is wrong with the table is told when the block is opened.
  if (columns != nullptr && columns->size() == header_.column_count &&
      ReadColumnTable(header_, table, table_).ok()) {
    ONRUSH_ASSIGN_OR_RETURN(whole, ReadColumns(*columns, to));
  } else {
    ONRUSH_ASSIGN_OR_RETURN(const size_t count, ReadUpTo(to, header_.stored_size));
    whole = count == header_.stored_size;
  }
  if (!whole) return EndAt(End::kTorn);
  index_.Add(header_);
  return true;
}

absl::StatusOr<bool> OrbStream::ReadColumns(const std::vector<bool>& columns, char* to) {
  constexpr uint64_t kWorthSkipping = 16 * 1024;
  uint64_t at = 0, begin = 0;
  for (size_t i = 0; i <= columns.size(); ++i) {
    const uint64_t end = begin + (i < columns.size() ? table_[i].stored_size : 0);
    // At the end, what is left is passed over like a column.
    if (i == columns.size() || columns[i]) {
      if (begin - at >= kWorthSkipping) {
        ONRUSH_ASSIGN_OR_RETURN(const bool skipped, Skip(begin - at));
        if (!skipped) return false;
        at = begin;
      }
      ONRUSH_ASSIGN_OR_RETURN(const size_t count, ReadUpTo(to + at, end - at));
      if (count < end - at) return false;
      at = end;
    }
    begin = end;
  }
  return true;
}

absl::StatusOr<bool> OrbStream::PassOver() {
  ONRUSH_ASSIGN_OR_RETURN(const bool whole, Skip(header_.stored_size));
  if (!whole) return EndAt(End::kTorn);
  index_.Add(header_);
  return true;
}

absl::StatusOr<bool> OrbStream::Skip(uint64_t size) {
  while (size > 0) {
    ONRUSH_ASSIGN_OR_RETURN(uint64_t skipped, bytes_->Skip(size));
    if (skipped == 0) {
      char scratch[4096];
      ONRUSH_ASSIGN_OR_RETURN(skipped,
                              bytes_->Read(scratch, std::min<uint64_t>(size, sizeof(scratch))));
    }
    if (skipped == 0) return false;
    size -= skipped;
  }
  return true;
}

std::string OrbStream::DescribeEnd() const {
  const size_t blocks = index_.blocks.size();
  return fmt::format("{}: was not closed: it ends {} {} whole block{}, at byte {}", name_,
                     end_ == End::kTorn ? "inside the block or index after" : "after", blocks,
                     blocks == 1 ? "" : "s", index_.end());
}

absl::StatusOr<size_t> OrbStream::ReadUpTo(char* to, size_t size) {
  size_t done = 0;
  while (done < size) {
    ONRUSH_ASSIGN_OR_RETURN(const size_t count, bytes_->Read(to + done, size - done));
    if (count == 0) break;
    done += count;
  }
  return done;
}

absl::Status OrbStream::ReadHead(size_t size) {
  const size_t known = head_.size();
  if (size <= known) return absl::OkStatus();
  head_.resize(size);
  const absl::StatusOr<size_t> count = ReadUpTo(head_.data() + known, size - known);
  head_.resize(known + (count.ok() ? *count : 0));
  return count.status();
}

absl::StatusOr<bool> OrbStream::ReadFileHeader() {
  ONRUSH_RETURN_IF_ERROR(ReadHead(kFileHeaderSize));
  const absl::Status status = CheckFileHeader(head_);
  if (!status.ok()) return AtByte(name_, offset_, status);
  return true;
}

absl::StatusOr<bool> OrbStream::EndWithIndex() {
  const size_t size = IndexSize(index_.blocks.size());
  ONRUSH_RETURN_IF_ERROR(ReadHead(size + 1));  // one more shows that it is the end
  if (head_.size() < size) {
    std::string expected;
    AppendIndex(index_, expected);
    if (expected.starts_with(head_)) return EndAt(End::kTorn);
  }
  const absl::StatusOr<FileIndex> index = ReadIndex(head_);
  if (!index.ok()) return AtByte(name_, offset_, index.status());
  if (*index != index_)
    return AtByte(name_, offset_, absl::DataLossError("the index tells of other blocks"));
  return EndAt(End::kClosed);
}

bool OrbStream::EndAt(End end) {
  end_ = end;
  return false;
}

}  // namespace onrush
