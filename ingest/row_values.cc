#include "ingest/row_values.h"

#include <utility>

#include "fmt/format.h"

namespace onrush {

RowValues::RowValues(const StreamPlan& stream, TimeParser time_parser)
    : fields_(stream.fields), time_parser_(std::move(time_parser)) {}

void RowValues::MarkBad(EventBatch& batch, size_t row, size_t field, FieldError error,
                        std::string_view text) const {
  if (batch.bad[row] != 0) return;
  batch.MarkBad(
      row, fmt::format("{}: {}", fields_[field].name, Describe(error, text, fields_[field].type)));
}

// An empty text is only wrong as the time of a row that is not bad for another reason.
void RowValues::MarkBadTime(EventBatch& batch, size_t row, size_t field,
                            std::string_view text) const {
  if (batch.bad[row] != 0) return;
  if (!text.empty()) {
    batch.MarkBad(row, fmt::format("{}: {}", fields_[field].name, time_parser_.Describe(text)));
  } else if (field == batch.time_column) {
    batch.MarkBad(row, fmt::format("{}: missing", fields_[field].name));
  }
}

}  // namespace onrush
