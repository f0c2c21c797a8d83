// A CSV reader of the tests' own, a character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onrush::realdata {

// Reads well-formed RFC 4180 text whose first record names the columns. The text must outlive it.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  // The index of a column. Requires: the header has it.
  size_t ColumnOf(std::string_view name) const;

  // Goes to the next record; false at the end.
  bool Next();

  const std::string& cell(size_t column) const { return cells_[column]; }
  std::string_view raw() const { return raw_; }  // of the record, without its line ending
  uint64_t line() const { return line_; }        // of the record's beginning, from 1

 private:
  void ReadCell();

  const std::string_view text_;
  size_t at_ = 0;
  uint64_t next_line_ = 1;
  uint64_t line_ = 0;
  std::string_view raw_;
  std::vector<std::string> cells_;
  std::vector<std::string> header_;
};

}  // namespace onrush::realdata
