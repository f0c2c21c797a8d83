#include "operators/sinks/csv_view.h"

#include "core/csv_text.h"
#include "core/status_macros.h"

namespace onrush {
namespace {

void AppendFields(const std::vector<ResultCell>& cells, std::string ResultCell::*member,
                  std::string& out) {
  for (const ResultCell& cell : cells) {
    out += ',';
    AppendCsvField(cell.*member, out);
  }
}

}  // namespace

absl::Status CsvView::Write(std::string_view whole_lines) {
  text_.clear();
  while (!whole_lines.empty()) {
    ONRUSH_RETURN_IF_ERROR(reader_.Read(TakeLine(whole_lines), line_));
    if (!queries_seen_.contains(line_.query) && (!line_.ranked || !line_.ranks.empty())) {
      queries_seen_.insert(line_.query);
      AppendHeader();
    }
    if (!line_.ranked) AppendRow({});
    for (const std::vector<ResultCell>& rank : line_.ranks) AppendRow(rank);
  }
  return output_->Write(text_);
}

void CsvView::AppendHeader() {
  text_ += "query";
  AppendFields(line_.cells, &ResultCell::name, text_);
  if (line_.ranked) AppendFields(line_.ranks.front(), &ResultCell::name, text_);
  text_ += '\n';
}

void CsvView::AppendRow(const std::vector<ResultCell>& rank) {
  AppendCsvField(line_.query, text_);
  AppendFields(line_.cells, &ResultCell::text, text_);
  AppendFields(rank, &ResultCell::text, text_);
  text_ += '\n';
}

}  // namespace onrush
