#include "tests/support/model_records.h"

#include <algorithm>

namespace onrush::model {

std::vector<Record> ReadLines(const StreamPlan& stream, const std::string& text) {
  std::vector<Record> records;
  uint64_t line_number = 0;
  const bool marked = text.starts_with("\xEF\xBB\xBF");  // a byte order mark
  for (size_t begin = marked ? 3 : 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    Record record;
    record.line = ++line_number;
    record.raw = text.substr(begin, end - begin);
    begin = end + 1;
    if (record.raw.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (record.raw.ends_with('\r')) record.raw.pop_back();
    record.fields.resize(stream.fields.size());
    records.push_back(record);
  }
  return records;
}

std::vector<Record> ReadRecords(const StreamPlan& stream, const InputText& input) {
  if (stream.format == Format::kCommonLog || stream.format == Format::kCombinedLog) {
    return ReadLog(stream, input.text);
  }
  const bool csv = stream.format ? *stream.format == Format::kCsv : input.file.ends_with(".csv");
  return csv ? ReadCsv(stream, input.text) : ReadJsonLines(stream, input.text);
}

}  // namespace onrush::model
