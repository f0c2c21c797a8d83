// The last step of every text decoder: the texts of the declared fields become column values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/event_batch.h"
#include "core/plan.h"
#include "ingest/field_parser.h"
#include "ingest/time_parser.h"

namespace onrush {

// Description
//   A decoder finds where the fields of some rows are; then each column is parsed on its own in a
//   tight loop. An empty text is a null. The first field, in the order of declaration, that is not
//   of its type makes its row bad; so does a null time.
// Threads
//   One per decoder.
class RowValues {
 public:
  RowValues(const StreamPlan& stream, TimeParser time_parser);

  // Sets rows [first, last) of all declared columns. texts_of(field)(row) is the text of a field;
  // kReadableAfterField bytes must be readable after each that is not empty. All texts of a bad row
  // must be empty.
  template <typename TextsOf>
  void Parse(EventBatch& batch, size_t first, size_t last, TextsOf texts_of);

  // The same for one field, whose texts are texts(row).
  template <typename Texts>
  void ParseField(EventBatch& batch, size_t field, size_t first, size_t last, Texts texts);

 private:
  template <typename Texts>
  void ParseTexts(EventBatch& batch, size_t field, size_t first, size_t last, Texts texts);
  template <typename Texts>
  void ParseTimes(EventBatch& batch, size_t field, size_t first, size_t last, Texts texts);
  template <typename Texts, typename Value, typename Read>
  void ParseValues(EventBatch& batch, size_t field, size_t first, size_t last, Texts texts,
                   Value* values, Read read);

  void MarkBad(EventBatch& batch, size_t row, size_t field, FieldError error,
               std::string_view text) const;
  void MarkBadTime(EventBatch& batch, size_t row, size_t field, std::string_view text) const;

  std::vector<FieldPlan> fields_;
  TimeParser time_parser_;
};

// The texts of the fields of some rows, for decoders that do not find a column at a time.
class FieldTexts {
 public:
  explicit FieldTexts(size_t field_count) : field_count_(field_count) {}

  // Makes room for `rows` rows. Allocates only if there were never so many.
  void Prepare(size_t rows) {
    if (texts_.size() < rows * field_count_) texts_.resize(rows * field_count_);
  }

  // The texts of a row, by field.
  std::string_view* row(size_t row) { return texts_.data() + row * field_count_; }
  void Clear(size_t row) { std::fill_n(this->row(row), field_count_, std::string_view()); }

  // For RowValues::Parse(): row 0 here is `first_row` of the batch.
  auto ByField(size_t first_row) const {
    return [this, first_row](size_t field) {
      return [texts = texts_.data() + field, stride = field_count_, first_row](size_t row) {
        return texts[(row - first_row) * stride];
      };
    };
  }

 private:
  const size_t field_count_;
  std::vector<std::string_view> texts_;
};

template <typename TextsOf>
void RowValues::Parse(EventBatch& batch, size_t first, size_t last, TextsOf texts_of) {
  if (first == last) return;
  for (size_t field = 0; field < fields_.size(); ++field) {
    ParseField(batch, field, first, last, texts_of(field));
  }
}

template <typename Texts>
void RowValues::ParseField(EventBatch& batch, size_t field, size_t first, size_t last,
                           Texts texts) {
  Column& column = batch.columns[field];
  switch (fields_[field].type.kind) {
    case TypeKind::kString:
      ParseTexts(batch, field, first, last, texts);
      break;
    case TypeKind::kInt:
      ParseValues(batch, field, first, last, texts, column.ints.data(),
                  [](std::string_view text, int64_t& value) { return ReadIntFast(text, value); });
      break;
    case TypeKind::kDecimal:
      ParseValues(batch, field, first, last, texts, column.ints.data(),
                  [scale = fields_[field].type.scale](std::string_view text, int64_t& value) {
                    return ReadDecimalFast(text, scale, value);
                  });
      break;
    case TypeKind::kFloat:
      ParseValues(batch, field, first, last, texts, column.floats.data(),
                  [](std::string_view text, double& value) { return ReadFloatFast(text, value); });
      break;
    case TypeKind::kBool:
      ParseValues(batch, field, first, last, texts, column.ints.data(), ReadBool);
      break;
    case TypeKind::kTimestamp:
      ParseTimes(batch, field, first, last, texts);
      break;
  }
}

template <typename Texts>
void RowValues::ParseTexts(EventBatch& batch, size_t field, size_t first, size_t last,
                           Texts texts) {
  std::string_view* const strings = batch.columns[field].strings.data();
  uint8_t* const nulls = batch.columns[field].nulls.data();
  for (size_t row = first; row < last; ++row) {
    const std::string_view text = texts(row);
    strings[row] = text;
    nulls[row] = text.empty();
  }
}

template <typename Texts>
void RowValues::ParseTimes(EventBatch& batch, size_t field, size_t first, size_t last,
                           Texts texts) {
  int64_t* const values = batch.columns[field].ints.data();
  uint8_t* const nulls = batch.columns[field].nulls.data();
  for (size_t row = first; row < last; ++row) {
    const std::string_view text = texts(row);
    nulls[row] = text.empty();
    if (text.empty() || !time_parser_.Read(text, values[row])) [[unlikely]] {
      MarkBadTime(batch, row, field, text);
    }
  }
}

template <typename Texts, typename Value, typename Read>
void RowValues::ParseValues(EventBatch& batch, size_t field, size_t first, size_t last, Texts texts,
                            Value* values, Read read) {
  uint8_t* const nulls = batch.columns[field].nulls.data();
  for (size_t row = first; row < last; ++row) {
    const std::string_view text = texts(row);
    nulls[row] = text.empty();
    if (text.empty()) continue;
    const FieldError error = read(text, values[row]);
    if (error != FieldError::kNone) [[unlikely]]
      MarkBad(batch, row, field, error, text);
  }
}

}  // namespace onrush
