#include "core/event_batch.h"

#include <algorithm>
#include <utility>

namespace onrush {

Column Column::Make(ValueType type, size_t capacity) {
  Column column;
  column.type = type;
  column.nulls.resize(capacity);
  switch (type.kind) {
    case TypeKind::kString:
      column.strings.resize(capacity);
      break;
    case TypeKind::kFloat:
      column.floats.resize(capacity);
      break;
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kBool:
    case TypeKind::kTimestamp:
      column.ints.resize(capacity);
      break;
  }
  return column;
}

EventBatch::EventBatch(const StreamPlan& stream, size_t stream_index, size_t capacity)
    : stream_index(stream_index),
      time_column(stream.time_column),
      raw(capacity),
      lines(capacity),
      bad(capacity),
      arrival(capacity) {
  ONRUSH_CHECK(capacity > 0);
  columns.reserve(stream.column_count());
  for (size_t i = 0; i < stream.column_count(); ++i) {
    columns.push_back(Column::Make(stream.column_type(i), capacity));
  }
}

void EventBatch::Clear() {
  std::fill(bad.begin(), bad.end(), uint8_t{0});
  size = 0;
  ForgetDictionaries();
  bad_rows.clear();
  lines.Clear();
  arena.Clear();
  record_writer = nullptr;
  outside = 0;
  arrivals = {};
}

void EventBatch::ForgetDictionaries() {
  for (Column& column : columns) column.dictionary = nullptr;
}

std::string_view EventBatch::Record(size_t row, std::string& scratch) const {
  if (record_writer == nullptr) return raw[row];
  scratch.clear();
  record_writer->AppendRecord(*this, row, scratch);
  return scratch;
}

void EventBatch::MarkBad(size_t row, std::string reason) {
  if (bad[row] != 0) return;
  bad[row] = 1;
  bad_rows.push_back({static_cast<uint32_t>(row), std::move(reason)});
}

void EventBatch::SortBadRows() {
  std::stable_sort(bad_rows.begin(), bad_rows.end(),
                   [](const BadRow& a, const BadRow& b) { return a.row < b.row; });
}

}  // namespace onrush
