#include "ingest/recording/recorded_block.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "core/block/block_schema.h"
#include "core/block/column_format.h"
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
  prefix_ += schema_bytes_;
  AppendColumns(prefix_);
  BlockHeader header = NewHeader();
  const size_t columns_size =
      prefix_.size() - kBlockHeaderSize - schema_bytes_.size() + text_.size() - kGap;
  if (columns_size > kMaxColumnsBytes) {
    rows_.clear();
    return absl::ResourceExhaustedError(
        fmt::format("{} rows of {} bytes do not fit a block, which has {} at most",
                    header.row_count, columns_size, kMaxColumnsBytes));
  }
  header.columns_size = header.stored_size = static_cast<uint32_t>(columns_size);
  const std::string_view plain = PutBefore(prefix_);
  const std::string_view bytes = zstd_level_ > 0 ? Compress(plain, header) : plain;
  header.payload_checksum = Checksum(bytes.substr(kBlockHeaderSize));
  std::string header_bytes;
  AppendBlockHeader(header, header_bytes);
  // Both views are of strings of this.
  std::memcpy(const_cast<char*>(bytes.data()), header_bytes.data(), kBlockHeaderSize);
  rows_.clear();
  return Finished{header, bytes};
}

BlockHeader RecordedBlock::NewHeader() const {
  BlockHeader header;
  header.row_count = static_cast<uint32_t>(rows_.size());
  header.schema_size = static_cast<uint32_t>(schema_bytes_.size());
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
}

template <typename TextFn>
void RecordedBlock::AppendTexts(TextFn text, std::string& out) {
  for (const Row& row : rows_) {
    one_text_.strings[0] = text(row);
    text_builder_.Add(one_text_, 0);
  }
  text_builder_.Finish(out);
}

// Never a dictionary, which records seldom are worth and which costs more than all else.
void RecordedBlock::AppendSizes(std::string& out) const {
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

std::string_view RecordedBlock::Compress(std::string_view plain, BlockHeader& header) {
  const std::string_view columns = plain.substr(plain.size() - header.columns_size);
  const size_t before = plain.size() - columns.size();
  compressed_.resize(before + ::ZSTD_compressBound(columns.size()));
  const size_t size =
      ::ZSTD_compressCCtx(zstd_.get(), compressed_.data() + before, compressed_.size() - before,
                          columns.data(), columns.size(), zstd_level_);
  if (::ZSTD_isError(size) != 0 || size >= columns.size()) return plain;
  plain.copy(compressed_.data(), before);
  header.zstd = true;
  header.stored_size = static_cast<uint32_t>(size);
  return std::string_view(compressed_).substr(0, before + size);
}

}  // namespace onrush
