#include "ingest/csv_header.h"

#include <algorithm>

#include "absl/status/status.h"
#include "core/suggest.h"
#include "core/text_arena.h"
#include "fmt/format.h"
#include "ingest/csv_quotes.h"
#include "ingest/csv_scan.h"

namespace onrush {
namespace {

struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

// The record that begins at `begin`: its fields, the last without the line ending, and where the
// next record begins. Byte by byte: it is done once.
std::vector<Extent> SplitRecord(std::string_view text, size_t begin, char delimiter, size_t& next) {
  std::vector<Extent> fields = {{begin, text.size()}};
  CsvState state = CsvState::kMayOpen;
  for (size_t at = begin; at < text.size(); ++at) {
    CsvMasks masks;
    ScanCsvBytes(text.data() + at, 1, delimiter, masks, state);
    if (masks.ends == 0) continue;
    fields.back().end = at;
    if (masks.newlines != 0) {
      const bool carriage_return = at > begin && text[at - 1] == '\r';
      fields.back().end -= carriage_return;
      next = at + 1;
      return fields;
    }
    fields.push_back({at + 1, text.size()});
  }
  next = text.size();
  return fields;
}

}  // namespace

absl::Status ReadCsvHeader(std::string_view text, size_t begin, char delimiter, CsvHeader& header) {
  header.end = begin;
  TextArena arena;
  while (header.names.empty() && header.end < text.size()) {
    begin = header.end;
    const std::vector<Extent> fields = SplitRecord(text, begin, delimiter, header.end);
    header.line = header.next_line;
    header.next_line +=
        static_cast<uint64_t>(std::count(text.begin() + begin, text.begin() + header.end, '\n'));
    if (fields.size() == 1 && fields[0].begin == fields[0].end) continue;  // a blank line
    for (const Extent& field : fields) {
      std::string_view name = text.substr(field.begin, field.end - field.begin);
      if (name.starts_with('"') && !Unquote(name, &arena, name)) {
        return absl::InvalidArgumentError(
            fmt::format("column {} of the header: text after a closing quote, or a quote that is "
                        "never closed: {}",
                        header.names.size() + 1, QuoteShort(name)));
      }
      header.names.emplace_back(name);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CsvColumns> MatchCsvHeader(const std::vector<FieldPlan>& fields,
                                          const std::vector<std::string>& names) {
  CsvColumns columns;
  columns.count = names.size();
  for (const FieldPlan& field : fields) {
    const auto found = std::find(names.begin(), names.end(), field.name);
    if (found == names.end()) {
      const std::vector<std::string_view> candidates(names.begin(), names.end());
      return absl::InvalidArgumentError(
          fmt::format("the header has no column '{}'; right would be {}", field.name,
                      DescribeChoices(field.name, candidates, "a header that names it")));
    }
    const auto again = std::find(found + 1, names.end(), field.name);
    if (again != names.end()) {
      return absl::InvalidArgumentError(
          fmt::format("the header has the column '{}' twice, as columns {} and {}; right would be "
                      "one name for one column",
                      field.name, found - names.begin() + 1, again - names.begin() + 1));
    }
    columns.column_of_field.push_back(static_cast<size_t>(found - names.begin()));
  }
  return columns;
}

}  // namespace onrush
