// Aligned columns of text for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onrush {

// The number of terminal columns that `text` takes: one a code point. (Double-width scripts come
// out narrower than they are.) Requires: valid UTF-8.
size_t DisplayWidth(std::string_view text);

// `text` on one line and at most `width` wide: control characters become U+FFFD, so that input
// cannot steer a terminal, and what is cut off leaves "…". Requires: valid UTF-8, width > 0.
std::string FitToWidth(std::string_view text, size_t width);

// Rows under headings. Columns of numbers are flush right. Not thread-safe.
class TextTable {
 public:
  struct Heading {
    std::string name;
    bool flush_right = false;
  };
  static constexpr size_t kMaxCellWidth = 48;

  TextTable() = default;
  explicit TextTable(std::vector<Heading> headings);

  // Requires: as many cells as headings.
  void AddRow(std::vector<std::string> cells);
  size_t row_count() const { return rows_.size(); }

  // Appends the headings, each line after `indent`.
  void AppendHeadings(std::string_view indent, std::string& out);
  // True if rows would stand exactly under the headings appended last.
  bool fits_headings() const { return widths_ == widths_of_headings_; }

  // Appends the rows and forgets them. The widths stay, so that further rows stand under them.
  void TakeRows(std::string_view indent, std::string& out);

 private:
  void AppendRow(const std::vector<std::string>& cells, std::string_view indent, std::string& out);

  std::vector<Heading> headings_;
  std::vector<size_t> widths_;
  std::vector<size_t> widths_of_headings_;  // when they were last appended
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace onrush
