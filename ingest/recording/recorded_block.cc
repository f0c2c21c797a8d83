#include "ingest/recording/recorded_block.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "core/block/block_schema.h"
#include "core/block/column_format.h"
#include "core/block/column_table.h"
#include "core/block/little_endian.h"
#include "core/check.h"
#include "fmt/format.h"

namespace onrush {

RecordedBlock::RecordedBlock(const StreamPlan& stream, Format format, int zstd_level)
    : stream_(stream.name),
      format_(FormatName(format)),
      zstd_level_(zstd_level),
      text_(kGap, '\0'),
      one_int_(Column::Make({TypeKind::kInt}, 1)),
      one_text_(Column::Make({TypeKind::kString}, 1)),
      zstd_(nullptr, ::ZSTD_freeCCtx) {
  AppendSchema(RecordingSchema(), schema_bytes_);
  if (zstd_level_ > 0) zstd_.reset(::ZSTD_createCCtx());
}

RecordedBlock::~RecordedBlock() = default;

void RecordedBlock::Add(const RecordedRow& row) {
  if (rows_.empty()) {
    sender_count_ = 0;
    text_.resize(kGap);
  }
  rows_.push_back({row.arrived_ns, row.line, row.safe_rows.value_or(kNoRows),
                   static_cast<uint32_t>(row.raw.size()), IndexOf(row.sender), row.kind});
  text_.append(row.raw);
}

uint32_t RecordedBlock::IndexOf(std::string_view sender) {
  if (sender_count_ == 0 || senders_[sender_count_ - 1] != sender) {
    if (sender_count_ == senders_.size()) senders_.emplace_back();
    senders_[sender_count_++] = sender;
  }
  return static_cast<uint32_t>(sender_count_ - 1);
}

absl::StatusOr<RecordedBlock::Finished> RecordedBlock::Finish() {
  if (rows_.empty()) text_.resize(kGap);
  prefix_.assign(kBlockHeaderSize, '\0');
  BlockHeader header = NewHeader();
  prefix_.resize(kBlockHeaderSize + header.head_size());
  AppendColumns(prefix_);
  const size_t columns_size =
      prefix_.size() - kBlockHeaderSize - header.head_size() + text_.size() - kGap;
  if (columns_size > kMaxColumnsBytes) {
    rows_.clear();
    return absl::ResourceExhaustedError(
        fmt::format("{} rows of {} bytes do not fit a block, which has {} at most",
                    header.row_count, columns_size, kMaxColumnsBytes));
  }
  header.columns_size = header.stored_size = static_cast<uint32_t>(columns_size);
  const std::string_view plain = PutBefore(prefix_);
  const std::string_view bytes = zstd_level_ > 0 ? Compress(plain, header) : Check(plain, header);
  std::string head = schema_bytes_;
  AppendColumnTable(table_, head);
  header.head_checksum = Checksum(head);
  std::string header_bytes;
  AppendBlockHeader(header, header_bytes);
  // Both views are of strings of this.
  char* const begin = const_cast<char*>(bytes.data());
  std::copy(header_bytes.begin(), header_bytes.end(), begin);
  std::copy(head.begin(), head.end(), begin + kBlockHeaderSize);
  rows_.clear();
  return Finished{header, bytes};
}

BlockHeader RecordedBlock::NewHeader() const {
  BlockHeader header;
  header.row_count = static_cast<uint32_t>(rows_.size());
  header.schema_size = static_cast<uint32_t>(schema_bytes_.size());
  header.column_count = recorded::kRaw + 1;
  if (rows_.empty()) return header;
  const auto [first, last] =
      std::minmax_element(rows_.begin(), rows_.end(),
                          [](const Row& a, const Row& b) { return a.arrived_ns < b.arrived_ns; });
  header.has_times = true;
  header.min_time = first->arrived_ns;
  header.max_time = last->arrived_ns;
  return header;
}

void RecordedBlock::AppendColumns(std::string& out) {
  column_ends_.clear();
  static_assert(recorded::kArrived == 0 && recorded::kRaw == 7);
  AppendInts([](const Row& row) { return row.arrived_ns; }, out);
  AppendInts([](const Row& row) { return static_cast<int64_t>(row.kind); }, out);
  AppendTexts([this](const Row&) { return std::string_view(stream_); }, out);
  AppendTexts([this](const Row&) { return std::string_view(format_); }, out);
  AppendTexts([this](const Row& row) { return std::string_view(senders_[row.sender]); }, out);
  AppendInts([](const Row& row) { return static_cast<int64_t>(row.line); }, out);
  AppendInts(
      [this](const Row& row) {
        one_int_.nulls[0] = row.safe_rows == kNoRows;
        return static_cast<int64_t>(row.safe_rows);
      },
      out);
  one_int_.nulls[0] = 0;
  AppendSizes(out);
}

template <typename ValueFn>
void RecordedBlock::AppendInts(ValueFn value, std::string& out) {
  for (const Row& row : rows_) {
    one_int_.ints[0] = value(row);
    int_builder_.Add(one_int_, 0);
  }
  int_builder_.Finish(out);
  column_ends_.push_back(out.size());
}

template <typename TextFn>
void RecordedBlock::AppendTexts(TextFn text, std::string& out) {
  for (const Row& row : rows_) {
    one_text_.strings[0] = text(row);
    text_builder_.Add(one_text_, 0);
  }
  text_builder_.Finish(out);
  column_ends_.push_back(out.size());
}

// Never a dictionary, which records seldom are worth and which costs more than all else.
void RecordedBlock::AppendSizes(std::string& out) {
  uint32_t least = rows_.empty() ? 0 : UINT32_MAX;
  uint32_t most = 0;
  for (const Row& row : rows_) {
    least = std::min(least, row.size);
    most = std::max(most, row.size);
  }
  const uint8_t width = WidthOf(most - least);
  const size_t size = sizeof(least) + rows_.size() * width + text_.size() - kGap;
  AppendNumber(static_cast<uint8_t>(ColumnEncoding::kTexts), out);
  AppendNumber(width, out);
  AppendNumber(uint16_t{0}, out);
  AppendNumber(static_cast<uint32_t>(size), out);
  AppendNumber(least, out);
  const size_t begin = out.size();
  out.resize(begin + rows_.size() * width);
  char* to = out.data() + begin;
  for (const Row& row : rows_) {
    const uint32_t above = row.size - least;
    std::memcpy(to, &above, width);
    to += width;
  }
  column_ends_.push_back(out.size() + text_.size() - kGap);
}

std::string_view RecordedBlock::PutBefore(std::string_view prefix) {
  if (prefix.size() > kGap) {
    text_.insert(0, prefix.size() - kGap, '\0');
    prefix.copy(text_.data(), prefix.size());
    return text_;
  }
  const size_t begin = kGap - prefix.size();
  prefix.copy(text_.data() + begin, prefix.size());
  return std::string_view(text_).substr(begin);
}

std::string_view RecordedBlock::Check(std::string_view plain, const BlockHeader& header) {
  table_.clear();
  size_t begin = kBlockHeaderSize + header.head_size();
  for (const size_t end : column_ends_) {
    const auto size = static_cast<uint32_t>(end - begin);
    table_.push_back({size, size, Checksum(plain.substr(begin, size))});
    begin = end;
  }
  return plain;
}

std::string_view RecordedBlock::Compress(std::string_view plain, BlockHeader& header) {
  table_.clear();
  const size_t head_end = kBlockHeaderSize + header.head_size();
  compressed_.resize(head_end);
  size_t begin = head_end;
  for (const size_t end : column_ends_) {
    const std::string_view column = plain.substr(begin, end - begin);
    const size_t at = compressed_.size();
    const size_t room = ::ZSTD_compressBound(column.size());
    compressed_.resize(at + room);
    size_t size = ::ZSTD_compressCCtx(zstd_.get(), compressed_.data() + at, room, column.data(),
                                      column.size(), zstd_level_);
    if (::ZSTD_isError(size) != 0 || size >= column.size()) {
      size = column.copy(compressed_.data() + at, column.size());
    }
    compressed_.resize(at + size);
    table_.push_back({static_cast<uint32_t>(size), static_cast<uint32_t>(column.size()),
                      Checksum(std::string_view(compressed_).substr(at))});
    begin = end;
  }
  header.stored_size = static_cast<uint32_t>(compressed_.size() - head_end);
  return compressed_;
}

}  // namespace onrush
