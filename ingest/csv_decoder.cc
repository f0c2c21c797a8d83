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

uint64_t NewlinesIn(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

absl::Status InFile(std::string_view file, uint64_t line, const absl::Status& status) {
  return absl::InvalidArgumentError(fmt::format(
      "{}:{}: {}", file, line, std::string_view(status.message().data(), status.message().size())));
}

}  // namespace

CsvDecoder::CsvDecoder(const StreamPlan& stream, TimeParser time_parser, const ScanKernels& kernels)
    : fields_(stream.fields),
      delimiter_(stream.delimiter),
      has_header_(stream.header),
      values_(stream, std::move(time_parser)),
      index_(stream.delimiter, kernels),
      texts_(stream.fields.size()) {
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
  index_.Begin(text_, begin, columns_.count);
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

// The texts of one column as they stand in the block, quotes included.
class CsvDecoder::Column {
 public:
  std::string_view operator()(size_t row) const {
    const uint32_t first_field = first_fields[row];
    if (first_field == kNoFields) return {};
    // The column's own end and, before it, that of the one before.
    const uint32_t* const end = ends + first_field;
    const char* const begin = text + static_cast<uint32_t>(end[-1] + 1);
    // The last column ends before the CR of a CRLF.
    if (is_last) return {begin, static_cast<size_t>(records[row].end() - begin)};
    return {begin, static_cast<size_t>(text + end[0] - begin)};
  }

  const char* text;
  const uint32_t* ends;  // of the column, for a record whose first field is 0
  const uint32_t* first_fields;
  const std::string_view* records;
  bool is_last;
};

CsvDecoder::Column CsvDecoder::ColumnTexts(size_t column, const EventBatch& batch) const {
  return {text_.data(), index_.field_ends() + column, first_fields_.data(), batch.raw.data(),
          column + 1 == columns_.count};
}

bool CsvDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  if (first_fields_.size() < batch.capacity()) first_fields_.resize(batch.capacity());
  while (!batch.full()) {
    if (!index_.HasNext() && !index_.Fill()) return false;
    DecodeKnownRecords(batch);
  }
  return true;
}

void CsvDecoder::DecodeKnownRecords(EventBatch& batch) {
  const size_t first = batch.size;
  while (!batch.full() && index_.HasNext()) {
    AddRegularRows(batch);
    if (!batch.full() && index_.HasNext()) AddRow(index_.Next(), batch);
  }
  const size_t last = batch.size;
  if (index_.quotes()) {
    Unquote(first, last, batch);
    values_.Parse(batch, first, last, texts_.ByField(first));
  } else {
    values_.Parse(batch, first, last, [&](size_t field) {
      return ColumnTexts(columns_.column_of_field[field], batch);
    });
  }
}

void CsvDecoder::AddRegularRows(EventBatch& batch) {
  const size_t first = batch.size;
  batch.size += index_.TakeRegular(batch.capacity() - first, batch.raw.data() + first,
                                   first_fields_.data() + first);
  if (!index_.quoted_newlines()) {
    batch.lines.SetFrom(first, line_);
    line_ += batch.size - first;
    return;
  }
  for (size_t row = first; row < batch.size; ++row) {
    batch.lines.SetFrom(row, line_);
    line_ += 1 + NewlinesIn(batch.raw[row]);
  }
}

// Adds a record of which something is unusual.
void CsvDecoder::AddRow(const CsvRecord& record, EventBatch& batch) {
  const std::string_view raw = text_.substr(record.begin, record.end - record.begin);
  const uint64_t line = line_;
  line_ += 1 + NewlinesIn(raw);
  if (raw.empty()) return;  // a blank line
  const size_t row = batch.size++;
  batch.raw[row] = raw;
  batch.lines.SetFrom(row, line);
  first_fields_[row] = record.first_field;
  if (record.unclosed_quote) {
    batch.MarkBad(row, "a quote is never closed");
    first_fields_[row] = kNoFields;
  } else if (record.field_count != columns_.count) {
    batch.MarkBad(row, fmt::format("{} column{} instead of {}", record.field_count,
                                   record.field_count == 1 ? "" : "s", columns_.count));
    first_fields_[row] = kNoFields;
  }
}

// Sets the texts of rows among which there are quotes, and marks those with broken quotes, in
// whatever column, as bad.
void CsvDecoder::Unquote(size_t first, size_t last, EventBatch& batch) {
  texts_.Prepare(last - first);
  for (size_t column = 0; column < columns_.count; ++column) {
    const Column column_texts = ColumnTexts(column, batch);
    const size_t field = field_of_column_[column];
    TextArena* const arena = field == kNoField ? nullptr : &batch.arena;
    for (size_t row = first; row < last; ++row) {
      std::string_view text = column_texts(row);
      if (text.starts_with('"') && !onrush::Unquote(text, arena, text)) {
        batch.MarkBad(row, fmt::format("column {}: text after a closing quote", column + 1));
        text = {};
      }
      if (field != kNoField) texts_.row(row - first)[field] = text;
    }
  }
  for (const EventBatch::BadRow& bad : batch.bad_rows) {
    if (bad.row >= first) texts_.Clear(bad.row - first);
  }
}

}  // namespace onrush
