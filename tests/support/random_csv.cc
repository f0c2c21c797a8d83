#include <algorithm>

#include "tests/support/random_records.h"

namespace onrush {
namespace {

class CsvWriter {
 public:
  CsvWriter(const StreamPlan& stream, RandomSource& random) : stream_(stream), random_(random) {
    for (size_t i = 0; i < stream.fields.size(); ++i) columns_.push_back(i);
    if (!stream.header) return;
    while (random.Percent(30)) columns_.push_back(kUndeclared);
    for (size_t i = columns_.size(); i > 1; --i)
      std::swap(columns_[i - 1], columns_[random.Below(i)]);
    crlf_percent_ = random.Pick<uint64_t>({0, 5, 100});
    broken_percent_ = random.Pick<uint64_t>({0, 0, 2});
  }

  std::string Write(const std::vector<FieldTexts>& events) {
    if (random_.Percent(5)) text_ += "\xEF\xBB\xBF";
    WriteBlankLines();
    if (stream_.header) WriteHeader();
    for (const FieldTexts& event : events) {
      WriteBlankLines();
      if (random_.Percent(broken_percent_)) {
        WriteBroken(event);
      } else {
        WriteEvent(event);
      }
    }
    if (!events.empty()) WriteEnd();  // the header stays whole
    return text_;
  }

 private:
  static constexpr size_t kUndeclared = SIZE_MAX;

  void EndLine() { text_ += random_.Percent(crlf_percent_) ? "\r\n" : "\n"; }
  void WriteBlankLines() {
    while (random_.Percent(2)) EndLine();
  }

  void WriteHeader() {
    size_t undeclared = 0;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) text_ += stream_.delimiter;
      text_ += columns_[i] == kUndeclared ? "other" + std::to_string(undeclared++)
                                          : Cell(stream_.fields[columns_[i]].name);
    }
    EndLine();
  }

  // With `broken` as it is in place of one cell, if it is not empty.
  void WriteEvent(const FieldTexts& event, const std::string& broken = "") {
    const size_t broken_column = random_.Below(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) text_ += stream_.delimiter;
      if (i == broken_column && !broken.empty()) {
        text_ += broken;
      } else if (columns_[i] == kUndeclared) {
        text_ += Cell("other, \"text\"");
      } else {
        text_ += Cell(event[columns_[i]].value_or(""));
      }
    }
    EndLine();
  }

  // The text of a cell, quoted where it must be and sometimes where it need not be.
  std::string Cell(const std::string& value) {
    const std::string special = std::string("\n") + stream_.delimiter;
    const bool must = value.find_first_of(special) != std::string::npos || value.starts_with('"') ||
                      value.ends_with('\r');
    if (!must && random_.Percent(85)) return value;
    std::string quoted = "\"";
    for (const char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
  }

  void WriteBroken(const FieldTexts& event) {
    switch (random_.Below(7)) {
      case 0:
      case 1:
        return WriteEvent(
            event, random_.Pick<std::string>({"\"text\"after", "\"a\"b\"", "\"a\"b\"\"",
                                              "\"a\" \"b\"", "\"a \"\"q\"\"\nline\"x\"y", "\"a\"\r",
                                              "b\"a\"\"", "\"\"\"\""}));
      case 2:
        text_ += "extra" + std::string(1, stream_.delimiter);
        return WriteEvent(event);
      case 3:
        text_ += "garbage \xFF \"in\" a line";
        return EndLine();
      case 4:
        text_ += "\"\"";
        return EndLine();
      case 5:
        text_ += "\"a \"\"quoted\"\"\nline\"x\"y";
        return EndLine();
      default:
        text_ += "\r";
        return EndLine();
    }
  }

  void WriteEnd() {
    if (random_.Percent(15)) text_ += "\"never closed\nat all";
    if (random_.Percent(20) && text_.ends_with('\n')) text_.pop_back();
    if (random_.Percent(3)) text_ += '\r';
  }

  const StreamPlan& stream_;
  RandomSource& random_;
  std::vector<size_t> columns_;  // of the file: declared fields and others
  uint64_t crlf_percent_ = 0;
  uint64_t broken_percent_ = 0;
  std::string text_;
};

}  // namespace

std::string RandomCsv(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                      RandomSource& random) {
  return CsvWriter(stream, random).Write(events);
}

}  // namespace onrush
