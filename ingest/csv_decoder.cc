#include "ingest/csv_decoder.h"

#include <algorithm>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/byte_order_mark.h"
#include "ingest/csv_quotes.h"

namespace onrush {
namespace {

constexpr size_t kNoField = SIZE_MAX;

absl::Status InFile(std::string_view file, uint64_t line, const absl::Status& status) {
  return absl::InvalidArgumentError(fmt::format(
      "{}:{}: {}", file, line, std::string_view(status.message().data(), status.message().size())));
}

}  // namespace

CsvDecoder::CsvDecoder(const StreamPlan& stream, TimeParser time_parser)
    : fields_(stream.fields),
      delimiter_(stream.delimiter),
      has_header_(stream.header),
      values_(stream, std::move(time_parser)) {
  columns_.count = fields_.size();
  for (size_t i = 0; i < fields_.size(); ++i) columns_.column_of_field.push_back(i);
  field_of_column_ = columns_.column_of_field;
}

absl::Status CsvDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  text_ = block.text;
  line_ = block.first_line;
  size_t begin = 0;
  if (block.first_of_input) {
    header_expected_ = has_header_;
    begin = ByteOrderMarkSize(text_);
  }
  if (header_expected_) ONRUSH_RETURN_IF_ERROR(TakeHeader(begin));
  index_.Begin(text_, begin, delimiter_, columns_.count);
  return absl::OkStatus();
}

absl::Status CsvDecoder::TakeHeader(size_t& begin) {
  CsvHeader header;
  const absl::Status read = ReadCsvHeader(text_, begin, delimiter_, header);
  if (!read.ok()) return InFile(file_, line_ + header.line, read);
  begin = header.end;
  if (!header.names.empty()) {
    absl::StatusOr<CsvColumns> columns = MatchCsvHeader(fields_, header.names);
    if (!columns.ok()) return InFile(file_, line_ + header.line, columns.status());
    columns_ = *std::move(columns);
    field_of_column_.assign(columns_.count, kNoField);
    for (size_t i = 0; i < fields_.size(); ++i) field_of_column_[columns_.column_of_field[i]] = i;
    header_expected_ = false;
  }
  line_ += header.next_line;
  return absl::OkStatus();
}

void CsvDecoder::ContinueInputOf(const Decoder& other) {
  const auto& decoder = static_cast<const CsvDecoder&>(other);
  header_expected_ = decoder.header_expected_;
  columns_ = decoder.columns_;
  field_of_column_ = decoder.field_of_column_;
}

bool CsvDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  values_.Prepare(batch);
  if (first_field_.size() < batch.capacity()) first_field_.resize(batch.capacity());
  while (!batch.full()) {
    if (!index_.HasNext() && !index_.Fill()) return false;
    DecodeKnownRecords(batch);
  }
  return true;
}

void CsvDecoder::DecodeKnownRecords(EventBatch& batch) {
  const size_t first = batch.size;
  CsvRecord record;
  while (!batch.full() && index_.Next(record)) AddRow(record, batch);
  const size_t last = batch.size;
  PickFields(first, last, batch);
  if (index_.quotes()) CheckQuotes(first, last, batch);
  values_.Parse(batch, first, last);
}

void CsvDecoder::AddRow(const CsvRecord& record, EventBatch& batch) {
  const uint64_t line = line_++;
  if (record.begin == record.end) return;  // a blank line
  const size_t row = batch.size++;
  const std::string_view raw = text_.substr(record.begin, record.end - record.begin);
  batch.raw.data()[row] = raw;
  batch.line.data()[row] = line;
  first_field_.data()[row] = record.first_field;
  if (index_.quotes()) line_ += static_cast<uint64_t>(std::count(raw.begin(), raw.end(), '\n'));
  if (record.unclosed_quote) {
    batch.MarkBad(row, "a quote is never closed");
    first_field_[row] = kNoFields;
  } else if (record.field_count != columns_.count) [[unlikely]] {
    batch.MarkBad(row, fmt::format("{} column{} instead of {}", record.field_count,
                                   record.field_count == 1 ? "" : "s", columns_.count));
    first_field_[row] = kNoFields;
  }
}

// The field of a row as it stands in the text, with its quotes. Requires: the row has its fields.
std::string_view CsvDecoder::FieldText(size_t row, size_t column, const EventBatch& batch) const {
  const uint32_t* ends = index_.field_ends() + first_field_.data()[row] + column;
  const char* const begin = text_.data() + static_cast<uint32_t>(ends[-1] + 1);
  const std::string_view raw = batch.raw.data()[row];
  const char* const end =
      column + 1 == columns_.count ? raw.data() + raw.size() : text_.data() + ends[0];
  return {begin, static_cast<size_t>(end - begin)};
}

void CsvDecoder::PickFields(size_t first, size_t last, const EventBatch& batch) {
  for (size_t field = 0; field < fields_.size(); ++field) {
    const size_t column = columns_.column_of_field[field];
    std::string_view* texts = values_.texts(field);
    for (size_t row = first; row < last; ++row) {
      texts[row] = first_field_.data()[row] == kNoFields ? std::string_view()
                                                         : FieldText(row, column, batch);
    }
  }
}

void CsvDecoder::CheckQuotes(size_t first, size_t last, EventBatch& batch) {
  for (size_t row = first; row < last; ++row) {
    for (size_t column = 0; column < columns_.count && first_field_[row] != kNoFields; ++column) {
      std::string_view text = FieldText(row, column, batch);
      if (!text.starts_with('"')) continue;
      const size_t field = field_of_column_[column];
      if (!Unquote(text, field == kNoField ? nullptr : &batch.arena, text)) {
        batch.MarkBad(row, fmt::format("column {}: text after a closing quote", column + 1));
        first_field_[row] = kNoFields;
        for (size_t i = 0; i < fields_.size(); ++i) values_.texts(i)[row] = {};
      } else if (field != kNoField) {
        values_.texts(field)[row] = text;
      }
    }
  }
}

}  // namespace onrush
