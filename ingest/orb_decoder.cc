#include "ingest/orb_decoder.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "core/key.h"
#include "core/suggest.h"
#include "fmt/format.h"
#include "ingest/orb_stream.h"

namespace onrush {
OrbDecoder::OrbDecoder(const StreamPlan& stream, TimeParser time_parser)
    : fields_(stream.fields),
      time_column_(stream.time_column),
      needed_(NeededColumns(stream)),
      values_(stream, std::move(time_parser)) {}

absl::Status OrbDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  first_line_ = block.first_line;
  events_outside_ = block.events_outside;
  next_ = 0;
  if (block.text.empty()) {  // only events that lie outside
    view_.Clear();
    return absl::OkStatus();
  }
  const absl::Status opened =
      block.partial ? view_.Open(block.text, needed_) : view_.Open(block.text);
  if (!opened.ok()) return AtByte(file_, block.offset, opened);
  return mapped_ == view_.schema() ? absl::OkStatus() : MapFields(block.file);
}

absl::Status OrbDecoder::MapFields(std::string_view file) {
  const BlockSchema& schema = view_.schema();
  sources_.clear();
  mapped_ = {};
  for (const FieldPlan& field : fields_) {
    const std::optional<size_t> column = schema.Find(field.name);
    if (!column) {
      std::vector<std::string_view> names;
      for (const BlockColumn& known : schema.columns) names.push_back(known.name);
      return absl::InvalidArgumentError(
          fmt::format("{}: there is no column '{}'; right would be {}", file, field.name,
                      DescribeChoices(field.name, names, "a file that has it")));
    }
    const ValueType type = schema.columns[*column].type;
    const std::optional<Way> way = WayBetween(type, field.type);
    if (!way) {
      return absl::InvalidArgumentError(
          fmt::format("{}: the column '{}' is {}; declared is {}, which it does not convert to "
                      "exactly",
                      file, field.name, TypeName(type), TypeName(field.type)));
    }
    sources_.push_back({*column, *way});
  }
  mapped_ = schema;
  return absl::OkStatus();
}

std::optional<OrbDecoder::Way> OrbDecoder::WayBetween(ValueType from, ValueType to) {
  if (from == to) return Way::kCopy;
  if (to.kind == TypeKind::kString) return Way::kWrite;
  if (from.kind == TypeKind::kString) return Way::kParse;
  if (IsExactNumber(from) && to.kind == TypeKind::kDecimal && to.scale >= from.scale) {
    return Way::kScale;
  }
  if (IsExactNumber(from) && to.kind == TypeKind::kTimestamp) return Way::kWriteParse;
  return std::nullopt;
}

bool OrbDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  batch.record_writer = this;
  batch.outside += std::exchange(events_outside_, 0);
  const size_t count = std::min(batch.capacity() - batch.size, view_.row_count() - next_);
  batch.lines.SetFrom(batch.size, first_line_ + next_);
  // The rows before may have other dictionaries.
  if (batch.size > 0) batch.ForgetDictionaries();
  for (size_t field = 0; count > 0 && field < fields_.size(); ++field) {
    DecodeField(field, count, batch);
  }
  next_ += count;
  batch.size += count;
  return next_ < view_.row_count();
}

void OrbDecoder::DecodeField(size_t field, size_t count, EventBatch& batch) {
  const ColumnView& column = view_.columns()[sources_[field].column];
  switch (sources_[field].way) {
    case Way::kCopy:
      // Whatever the value is, it is one of the declared type.
      if (!fields_[field].unused || field == time_column_) CopyField(field, count, batch);
      return;
    case Way::kScale:
      return ScaleField(field, count, batch);
    case Way::kParse: {
      Column& texts = Scratch(column.type(), count);
      column.Copy(next_, count, texts, 0);
      texts_.resize(count);
      for (size_t i = 0; i < count; ++i) {
        texts_[i] = texts.nulls[i] != 0 ? std::string_view() : texts.strings[i];
      }
      return ParseField(field, count, batch);
    }
    case Way::kWrite:
    case Way::kWriteParse:
      WriteField(column, count, batch);
      return ParseField(field, count, batch);
  }
}

void OrbDecoder::CopyField(size_t field, size_t count, EventBatch& batch) {
  const ColumnView& from = view_.columns()[sources_[field].column];
  Column& to = batch.columns[field];
  const size_t first = batch.size;
  from.Copy(next_, count, to, first);
  if (from.dictionary() != nullptr && first == 0) {
    to.codes.resize(batch.capacity());
    from.CopyCodes(next_, count, to.codes.data());
    to.dictionary = from.dictionary();
  }
  if (from.may_be_empty()) {
    for (size_t row = first; row < first + count; ++row) {
      to.nulls[row] |= static_cast<uint8_t>(to.strings[row].empty());
    }
  }
  if (field != time_column_ || !from.has_nulls()) return;
  for (size_t row = first; row < first + count; ++row) {
    if (to.nulls[row] != 0) batch.MarkBad(row, fmt::format("{}: missing", fields_[field].name));
  }
}

void OrbDecoder::Detach(EventBatch& batch, size_t first) const {
  batch.ForgetDictionaries();
  if (!view_.decompressed()) return;
  for (size_t field = 0; field < fields_.size(); ++field) {
    if (sources_[field].way != Way::kCopy || fields_[field].unused) continue;
    if (fields_[field].type.kind != TypeKind::kString) continue;
    Column& texts = batch.columns[field];
    for (size_t row = first; row < batch.size; ++row) {
      if (texts.nulls[row] != 0) continue;
      const std::string_view text = texts.strings[row];
      texts.strings[row] = {batch.arena.CopyPadded(text, kReadableAfterField), text.size()};
    }
  }
}

void OrbDecoder::ScaleField(size_t field, size_t count, EventBatch& batch) {
  const ColumnView& from = view_.columns()[sources_[field].column];
  Column& to = batch.columns[field];
  const size_t first = batch.size;
  from.Copy(next_, count, to, first);
  const ValueType type = fields_[field].type;
  const int64_t factor = kPowersOfTen[type.scale - from.type().scale];
  for (size_t row = first; row < first + count; ++row) {
    const int64_t value = to.ints[row];
    if (!__builtin_mul_overflow(value, factor, &to.ints[row]) || to.nulls[row] != 0) continue;
    std::string text;
    AppendJsonScalar(from.type(), value, text);
    batch.MarkBad(row, fmt::format("{}: {}", fields_[field].name,
                                   Describe(FieldError::kOutOfRange, text, type)));
  }
}

// Sets texts_ to the values' texts.
void OrbDecoder::WriteField(const ColumnView& column, size_t count, EventBatch& batch) {
  Column& values = Scratch(column.type(), count);
  column.Copy(next_, count, values, 0);
  texts_.assign(count, {});
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (values.nulls[i] != 0) continue;
    text.clear();
    AppendPlainValue(values, i, text);
    texts_[i] = {batch.arena.CopyPadded(text, kReadableAfterField), text.size()};
  }
}

void OrbDecoder::ParseField(size_t field, size_t count, EventBatch& batch) {
  const size_t first = batch.size;
  values_.ParseField(batch, field, first, first + count,
                     [this, first](size_t row) { return texts_[row - first]; });
}

Column& OrbDecoder::Scratch(ValueType type, size_t rows) {
  for (Column& column : scratch_) {
    if (column.type == type && column.nulls.size() >= rows) return column;
  }
  scratch_.push_back(Column::Make(type, rows));
  return scratch_.back();
}

void OrbDecoder::AppendRecord(const EventBatch& batch, size_t batch_row, std::string& out) const {
  const size_t row = batch.lines.Of(batch_row) - first_line_;
  char separator = '{';
  for (size_t i = 0; i < view_.columns().size(); ++i) {
    const ColumnView& column = view_.columns()[i];
    Column value = Column::Make(column.type(), 1);
    column.Copy(row, 1, value, 0);
    out += separator;
    AppendJsonString(view_.schema().columns[i].name, out);
    out += ':';
    AppendJsonValue(value, 0, out);
    separator = ',';
  }
  out += '}';
}

}  // namespace onrush
