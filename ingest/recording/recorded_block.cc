#include "ingest/recording/recorded_block.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "core/block/block_head.h"
#include "core/block/block_schema.h"
#include "core/block/column_format.h"
#include "core/block/little_endian.h"

namespace onrush {

RecordedBlock::RecordedBlock(const StreamPlan& stream, Format format, int zstd_level)
    : stream_(stream.name),
      format_(FormatName(format)),
      zstd_level_(zstd_level),
      text_(kGap, '\0'),
      one_int_(Column::Make({TypeKind::kInt}, 1)),
      one_text_(Column::Make({TypeKind::kString}, 1)),
      compressor_(zstd_level) {
  AppendSchema(RecordingSchema(), schema_bytes_);
}

void RecordedBlock::Add(const RecordedRow& row) {
  if (rows_.empty()) {
    sender_count_ = 0;
    text_.resize(kGap);
  }
  rows_.push_back({row.arrived_ns, row.line, static_cast<uint32_t>(row.raw.size()),
                   IndexOf(row.sender), row.kind});
  text_.append(row.raw);
}

uint32_t RecordedBlock::IndexOf(std::string_view sender) {
  if (sender_count_ == 0 || senders_[sender_count_ - 1] != sender) {
    if (sender_count_ == senders_.size()) senders_.emplace_back();
    senders_[sender_count_++] = sender;
  }
  return static_cast<uint32_t>(sender_count_ - 1);
}

absl::StatusOr<RecordedBlock::Finished> RecordedBlock::Finish(std::optional<uint64_t> safe_rows) {
  if (rows_.empty()) text_.resize(kGap);
  BlockHeader header = NewHeader();
  begin_ = kGap;
  columns_.clear();
  column_ends_.clear();
  AppendColumns(safe_rows, columns_);
  const absl::Status size_status = CheckColumnsSize(rows_.size(), column_ends_.back());
  rows_.clear();
  if (!size_status.ok()) return size_status;
  PutBefore(columns_);
  const std::string_view bytes = zstd_level_ > 0 ? Compressed(header) : AsItIs(header);
  return Finished{header, bytes};
}

BlockHeader RecordedBlock::NewHeader() const {
  BlockHeader header;
  header.row_count = static_cast<uint32_t>(rows_.size());
  if (rows_.empty()) return header;
  const auto [first, last] =
      std::minmax_element(rows_.begin(), rows_.end(),
                          [](const Row& a, const Row& b) { return a.arrived_ns < b.arrived_ns; });
  header.has_times = true;
  header.min_time = first->arrived_ns;
  header.max_time = last->arrived_ns;
  return header;
}

void RecordedBlock::AppendColumns(std::optional<uint64_t> safe_rows, std::string& out) {
  static_assert(recorded::kArrived == 0 && recorded::kRaw == 7);
  AppendInts([](const Row& row) { return row.arrived_ns; }, out);
  AppendInts([](const Row& row) { return static_cast<int64_t>(row.kind); }, out);
  AppendTexts([this](const Row&) { return std::string_view(stream_); }, out);
  AppendTexts([this](const Row&) { return std::string_view(format_); }, out);
  AppendTexts([this](const Row& row) { return std::string_view(senders_[row.sender]); }, out);
  AppendInts([](const Row& row) { return static_cast<int64_t>(row.line); }, out);
  one_int_.nulls[0] = !safe_rows.has_value();
  AppendInts([&](const Row&) { return static_cast<int64_t>(safe_rows.value_or(0)); }, out);
  one_int_.nulls[0] = 0;
  AppendSizes(out);
}

template <typename ValueFn>
void RecordedBlock::AppendInts(ValueFn value, std::string& out) {
  AppendColumn([&](const Row& row) { one_int_.ints[0] = value(row); }, one_int_, int_builder_, out);
}

template <typename TextFn>
void RecordedBlock::AppendTexts(TextFn text, std::string& out) {
  AppendColumn([&](const Row& row) { one_text_.strings[0] = text(row); }, one_text_, text_builder_,
               out);
}

template <typename SetFn>
void RecordedBlock::AppendColumn(SetFn set, const Column& one, ColumnBuilder& builder,
                                 std::string& out) {
  for (const Row& row : rows_) {
    set(row);
    builder.Add(one, 0);
  }
  builder.Finish(out);
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

void RecordedBlock::PutBefore(std::string_view bytes) {
  if (bytes.size() > begin_) {
    text_.insert(0, bytes.size() - begin_, '\0');
    begin_ = bytes.size();
  }
  begin_ -= bytes.size();
  bytes.copy(text_.data() + begin_, bytes.size());
}

std::string_view RecordedBlock::AsItIs(BlockHeader& header) {
  table_.clear();
  ForEachColumn([this](std::string_view column) { table_.push_back(PlainColumn(column)); });
  head_.clear();
  AppendBlockHead(schema_bytes_, table_, header, head_);
  PutBefore(head_);
  return std::string_view(text_).substr(begin_);
}

std::string_view RecordedBlock::Compressed(BlockHeader& header) {
  table_.clear();
  compressed_.assign(BlockHeadSize(schema_bytes_, column_ends_.size()), '\0');
  ForEachColumn([this](std::string_view column) {
    table_.push_back(compressor_.Append(column, compressed_));
  });
  head_.clear();
  AppendBlockHead(schema_bytes_, table_, header, head_);
  head_.copy(compressed_.data(), head_.size());
  return compressed_;
}

template <typename VisitFn>
void RecordedBlock::ForEachColumn(VisitFn visit) const {
  const std::string_view columns = std::string_view(text_).substr(begin_);
  size_t begin = 0;
  for (const size_t end : column_ends_) {
    visit(columns.substr(begin, end - begin));
    begin = end;
  }
}

}  // namespace onrush
