#include "operators/sinks/text_table.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace onrush {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The bytes of the code point at the start of `text`.
std::string_view FirstCodePoint(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && IsContinuation(text[size])) ++size;
  return text.substr(0, size);
}

// C0, DEL and C1 (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F).
bool IsControl(std::string_view code_point) {
  const auto first = static_cast<unsigned char>(code_point[0]);
  if (code_point.size() == 2) {
    return first == 0xC2 && static_cast<unsigned char>(code_point[1]) < 0xA0;
  }
  return first < 0x20 || first == 0x7F;
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !IsContinuation(byte); }));
}

std::string FitToWidth(std::string_view text, size_t width) {
  const bool cut = DisplayWidth(text) > width;
  std::string fitted;
  for (size_t left = cut ? width - 1 : width; left > 0 && !text.empty(); --left) {
    const std::string_view code_point = FirstCodePoint(text);
    fitted += IsControl(code_point) ? kReplacement : code_point;
    text.remove_prefix(code_point.size());
  }
  if (cut) fitted += kEllipsis;
  return fitted;
}

TextTable::TextTable(std::vector<Heading> headings) : headings_(std::move(headings)) {
  for (Heading& heading : headings_) {
    heading.name = FitToWidth(heading.name, kMaxCellWidth);
    widths_.push_back(DisplayWidth(heading.name));
  }
}

void TextTable::AddRow(std::vector<std::string> cells) {
  ONRUSH_CHECK(cells.size() == headings_.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = FitToWidth(cells[i], kMaxCellWidth);
    widths_[i] = std::max(widths_[i], DisplayWidth(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

void TextTable::AppendHeadings(std::string_view indent, std::string& out) {
  std::vector<std::string> names;
  for (const Heading& heading : headings_) names.push_back(heading.name);
  AppendRow(names, indent, out);
  widths_of_headings_ = widths_;
}

void TextTable::TakeRows(std::string_view indent, std::string& out) {
  for (const std::vector<std::string>& row : rows_) AppendRow(row, indent, out);
  rows_.clear();
}

void TextTable::AppendRow(const std::vector<std::string>& cells, std::string_view indent,
                          std::string& out) {
  out += indent;
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t padding = widths_[i] - DisplayWidth(cells[i]);
    const bool last = i + 1 == cells.size();
    if (headings_[i].flush_right) out.append(padding, ' ');
    out += cells[i];
    if (!headings_[i].flush_right && !last) out.append(padding, ' ');
    if (!last) out += "  ";
  }
  out += '\n';
}

}  // namespace onrush
