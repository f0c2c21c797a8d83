#include "tests/realdata/csv_reader.h"

#include <algorithm>

#include "core/check.h"

namespace onrush::realdata {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  ONRUSH_CHECK(Next());
  header_ = cells_;
}

size_t CsvReader::ColumnOf(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  ONRUSH_CHECK(found != header_.end());
  return found - header_.begin();
}

bool CsvReader::Next() {
  if (at_ == text_.size()) return false;
  const size_t begin = at_;
  line_ = next_line_;
  cells_.clear();
  ReadCell();
  while (at_ < text_.size() && text_[at_] == ',') {
    ++at_;
    ReadCell();
  }
  raw_ = text_.substr(begin, at_ - begin);
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size()) {
    ONRUSH_CHECK(text_[at_] == '\n');
    ++at_;
    ++next_line_;
  }
  return true;
}

void CsvReader::ReadCell() {
  std::string& cell = cells_.emplace_back();
  if (at_ == text_.size() || text_[at_] != '"') {
    const size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    cell = text_.substr(at_, end - at_);
    at_ = end;
    return;
  }
  for (++at_; text_[at_] != '"' || text_.substr(at_, 2) == "\"\""; ++at_) {
    if (text_[at_] == '"') ++at_;
    if (text_[at_] == '\n') ++next_line_;
    cell += text_[at_];
  }
  ++at_;
}

}  // namespace onrush::realdata
