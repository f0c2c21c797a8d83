#include <algorithm>

#include "tests/support/model_records.h"

namespace onrush::model {
namespace {

struct Row {
  uint64_t line = 1;
  std::string raw;
  std::string reason;
  std::vector<std::string> cells;
};

// Cuts a text into rows of cells, one character at a time.
class Cutter {
 public:
  Cutter(const std::string& text, char delimiter) : text_(text), delimiter_(delimiter) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  bool AtEnd() const { return at_ == text_.size(); }

  // Requires: not at the end. The row of a blank line has no cells.
  Row NextRow() {
    Row row;
    row.line = line_;
    const size_t begin = at_;
    if (LineEndSize() == 0) {
      ReadCell(row);
      while (!AtEnd() && text_[at_] == delimiter_) {
        ++at_;
        ReadCell(row);
      }
    }
    row.raw = text_.substr(begin, at_ - begin);
    at_ += LineEndSize();
    line_ += std::count(text_.begin() + begin, text_.begin() + at_, '\n');
    return row;
  }

 private:
  // The size of the line ending that stands here, or 0.
  size_t LineEndSize() const {
    if (text_.compare(at_, 1, "\n") == 0) return 1;
    if (text_.compare(at_, 2, "\r\n") == 0) return 2;
    return 0;
  }
  bool AtCellEnd() const { return AtEnd() || text_[at_] == delimiter_ || LineEndSize() > 0; }

  void ReadCell(Row& row) {
    row.cells.emplace_back();
    if (!AtEnd() && text_[at_] == '"') ReadQuoted(row);
    while (!AtCellEnd()) row.cells.back() += text_[at_++];
  }

  void ReadQuoted(Row& row) {
    for (++at_; !AtEnd(); ++at_) {
      if (text_[at_] != '"') {
        row.cells.back() += text_[at_];
      } else if (text_.compare(at_, 2, "\"\"") == 0) {
        row.cells.back() += text_[at_++];
      } else {
        ++at_;
        if (!AtCellEnd()) row.reason = "text after a closing quote";
        return;
      }
    }
    row.reason = "a quote that is never closed";
  }

  const std::string& text_;
  const char delimiter_;
  size_t at_ = 0;
  uint64_t line_ = 1;
};

// For each declared field, the number of its column.
std::vector<size_t> FindColumns(const StreamPlan& stream, const std::vector<std::string>& header) {
  std::vector<size_t> columns;
  for (const FieldPlan& field : stream.fields) {
    columns.push_back(std::find(header.begin(), header.end(), field.name) - header.begin());
  }
  return columns;
}

std::vector<std::string> FieldNames(const StreamPlan& stream) {
  std::vector<std::string> names;
  for (const FieldPlan& field : stream.fields) names.push_back(field.name);
  return names;
}

Record ToRecord(const Row& row, size_t column_count, const std::vector<size_t>& columns) {
  Record record{row.line, row.raw, row.reason, {}};
  if (record.reason.empty() && row.cells.size() != column_count) {
    record.reason = "wrong number of columns";
  }
  if (!record.reason.empty()) return record;
  for (const size_t column : columns) {
    const std::string& cell = row.cells[column];
    record.fields.push_back(cell.empty() ? std::nullopt : std::optional(cell));
  }
  return record;
}

}  // namespace

std::vector<Record> ReadCsv(const StreamPlan& stream, const std::string& text) {
  std::vector<Record> records;
  std::vector<std::string> names;
  if (!stream.header) names = FieldNames(stream);
  Cutter cutter(text, stream.delimiter);
  while (!cutter.AtEnd()) {
    const Row row = cutter.NextRow();
    if (row.cells.empty()) continue;
    if (names.empty()) {
      names = row.cells;
    } else {
      records.push_back(ToRecord(row, names.size(), FindColumns(stream, names)));
    }
  }
  return records;
}

}  // namespace onrush::model
