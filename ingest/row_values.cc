#include "ingest/row_values.h"

#include <utility>

#include "fmt/format.h"

namespace onrush {

RowValues::RowValues(const StreamPlan& stream, TimeParser time_parser)
    : fields_(stream.fields),
      time_parser_(std::move(time_parser)),
      texts_(fields_.size()),
      scratch_(fields_.size()) {}

void RowValues::Prepare(EventBatch& batch) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].type.kind == TypeKind::kString) {
      texts_[i] = batch.columns[i].strings.data();
      continue;
    }
    if (scratch_[i].size() < batch.capacity()) scratch_[i].resize(batch.capacity());
    texts_[i] = scratch_[i].data();
  }
}

void RowValues::Parse(EventBatch& batch, size_t first, size_t last) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    Column& column = batch.columns[i];
    switch (fields_[i].type.kind) {
      case TypeKind::kString:
        for (size_t row = first; row < last; ++row) {
          column.nulls.data()[row] = texts_[i][row].empty();
        }
        break;
      case TypeKind::kInt:
        ParseColumn(batch, i, first, last, column.ints.data(),
                    [](std::string_view text, int64_t& value) { return ReadIntFast(text, value); });
        break;
      case TypeKind::kDecimal:
        ParseColumn(batch, i, first, last, column.ints.data(),
                    [scale = fields_[i].type.scale](std::string_view text, int64_t& value) {
                      return ReadDecimalFast(text, scale, value);
                    });
        break;
      case TypeKind::kFloat:
        ParseColumn(
            batch, i, first, last, column.floats.data(),
            [](std::string_view text, double& value) { return ReadFloatFast(text, value); });
        break;
      case TypeKind::kBool:
        ParseColumn(batch, i, first, last, column.ints.data(), ReadBool);
        break;
      case TypeKind::kTimestamp:
        ParseTimes(batch, i, first, last);
        break;
    }
  }
}

template <typename Value, typename Read>
void RowValues::ParseColumn(EventBatch& batch, size_t field, size_t first, size_t last,
                            Value* values, Read read) {
  const std::string_view* texts = texts_[field];
  uint8_t* nulls = batch.columns[field].nulls.data();
  for (size_t row = first; row < last; ++row) {
    nulls[row] = texts[row].empty();
    if (nulls[row] != 0) continue;
    const FieldError error = read(texts[row], values[row]);
    if (error != FieldError::kNone) [[unlikely]] {
      batch.MarkBad(row, fmt::format("{}: {}", fields_[field].name,
                                     Describe(error, texts[row], fields_[field].type)));
    }
  }
}

void RowValues::ParseTimes(EventBatch& batch, size_t field, size_t first, size_t last) {
  const std::string_view* texts = texts_[field];
  int64_t* values = batch.columns[field].ints.data();
  uint8_t* nulls = batch.columns[field].nulls.data();
  const bool required = field == batch.time_column;
  for (size_t row = first; row < last; ++row) {
    nulls[row] = texts[row].empty();
    if (nulls[row] != 0) {
      if (required && batch.bad[row] == 0) {
        batch.MarkBad(row, fmt::format("{}: missing", fields_[field].name));
      }
      continue;
    }
    if (!time_parser_.Read(texts[row], values[row])) [[unlikely]] {
      batch.MarkBad(row,
                    fmt::format("{}: {}", fields_[field].name, time_parser_.Describe(texts[row])));
    }
  }
}

}  // namespace onrush
