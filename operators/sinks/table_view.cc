#include "operators/sinks/table_view.h"

#include <algorithm>

#include "core/status_macros.h"

namespace onrush {
namespace {

constexpr std::string_view kIndent = "  ";

bool IsHidden(const ResultCell& cell) { return cell.name == "seq" || cell.name == "event_seq"; }

// "2026-03-02T08:00:00Z" as "2026-03-02 08:00:00".
std::string ReadableInstant(std::string_view instant) {
  std::string text(instant.substr(0, instant.find('Z')));
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

// "2026-03-02 08:00:00 – 08:05:00"; the end with its date where that is another one.
std::string ReadableWindow(std::string_view window_start, std::string_view window_end) {
  const std::string start = ReadableInstant(window_start);
  std::string end = ReadableInstant(window_end);
  const size_t date = std::min(start.find(' '), end.find(' '));
  if (date != start.npos && start.compare(0, date, end, 0, date) == 0) end.erase(0, date + 1);
  return start + " – " + end;
}

bool IsInstant(const ResultCell& cell) {
  return cell.name == "time" || cell.name == "window_start";
}

std::string CellText(const ResultCell& cell) {
  if (cell.kind == ResultCell::Kind::kNull) return "–";
  return IsInstant(cell) ? ReadableInstant(cell.text) : cell.text;
}

// What a table shows of a line: a window's two ends become one cell named "window".
std::vector<ResultCell> ShownCells(const std::vector<ResultCell>& cells) {
  std::vector<ResultCell> shown;
  for (const ResultCell& cell : cells) {
    if (IsHidden(cell)) continue;
    if (cell.name == "window_end" && !shown.empty() && shown.back().name == "window_start") {
      shown.back().text = ReadableWindow(shown.back().text, cell.text);
      shown.back().name = "window";
    } else {
      shown.push_back(cell);
    }
  }
  return shown;
}

std::vector<std::string> CellTexts(const std::vector<ResultCell>& cells) {
  std::vector<std::string> texts;
  for (const ResultCell& cell : cells) texts.push_back(CellText(cell));
  return texts;
}

}  // namespace

absl::Status TableView::Write(std::string_view whole_lines) {
  while (!whole_lines.empty()) {
    ONRUSH_RETURN_IF_ERROR(reader_.Read(TakeLine(whole_lines), line_));
    line_.ranked ? AddRanking() : AddLine();
  }
  return WriteBlocks();
}

absl::Status TableView::Flush() {
  for (QueryTable& table : tables_) TakeBlock(table);
  ONRUSH_RETURN_IF_ERROR(WriteBlocks());
  return output_->Flush();
}

absl::Status TableView::Finish() {
  ONRUSH_RETURN_IF_ERROR(Flush());
  return output_->Finish();
}

TableView::QueryTable& TableView::TableOf(const std::vector<ResultCell>& cells) {
  for (QueryTable& table : tables_) {
    if (table.query == line_.query && table.columns == cells.size()) return table;
  }
  std::vector<TextTable::Heading> headings;
  for (const ResultCell& cell : cells) {
    const bool is_instant = IsInstant(cell) || cell.name == "window";
    headings.push_back(
        {is_instant ? cell.name + " (UTC)" : cell.name, cell.kind != ResultCell::Kind::kText});
  }
  return tables_.emplace_back(
      QueryTable{line_.query, cells.size(), TextTable(std::move(headings))});
}

void TableView::AddLine() {
  const std::vector<ResultCell> cells = ShownCells(line_.cells);
  QueryTable& table = TableOf(cells);
  table.table.AddRow(CellTexts(cells));
  if (table.table.row_count() >= kRowsPerBlock) TakeBlock(table);
}

void TableView::AddRanking() {
  if (line_.ranks.empty()) return;
  std::string title = line_.query;
  for (const ResultCell& cell : ShownCells(line_.cells)) {
    if (cell.name == "window") title += "  " + cell.text + " UTC";
    if (cell.name == "revision" && cell.text != "0") title += "  revision " + cell.text;
  }
  QueryTable& table = TableOf(line_.ranks.front());
  for (const std::vector<ResultCell>& rank : line_.ranks) table.table.AddRow(CellTexts(rank));
  AppendTitle(title, table.table);
  table.table.TakeRows(kIndent, text_);
  open_block_ = nullptr;
}

void TableView::TakeBlock(QueryTable& table) {
  if (table.table.row_count() == 0) return;
  if (open_block_ != &table || !table.table.fits_headings()) AppendTitle(table.query, table.table);
  table.table.TakeRows(kIndent, text_);
  open_block_ = &table;
}

void TableView::AppendTitle(std::string_view title, TextTable& table) {
  if (!nothing_shown_) text_ += '\n';
  nothing_shown_ = false;
  text_ += title;
  text_ += '\n';
  table.AppendHeadings(kIndent, text_);
}

absl::Status TableView::WriteBlocks() {
  const absl::Status status = text_.empty() ? absl::OkStatus() : output_->Write(text_);
  text_.clear();
  return status;
}

}  // namespace onrush
