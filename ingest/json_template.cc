#include "ingest/json_template.h"

#include <algorithm>
#include <string>

#include "ingest/json_scan.h"

namespace onrush {
namespace {

bool IsStop(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

}  // namespace

JsonTemplate::JsonTemplate(size_t field_count) : field_count_(field_count) {
  parts_.reserve(kMaxSteps);
  strings_.reserve(kMaxSteps);
  scalars_.reserve(kMaxSteps);
  absent_fields_.reserve(field_count);
}

void JsonTemplate::Assign(const std::vector<JsonStep>& line) {
  Clear();
  if (line.empty() || line.back().kind != JsonStep::Kind::kEnd) return;
  for (uint32_t field = 0; field < field_count_; ++field) absent_fields_.push_back(field);
  Value value;
  bool after_string = false, after_scalar = false;
  for (const JsonStep& step : line) {
    const bool is_end = step.kind == JsonStep::Kind::kEnd;
    const char value_begin = *(step.gap.data() + step.gap.size());
    const bool is_string = !is_end && value_begin == '"';
    // A value in brackets may hold any number of stops.
    if (value_begin == '{' || value_begin == '[' || !AddPart(step, after_string, is_string)) {
      Clear();
      return;
    }
    const Part& part = parts_.back();
    value.end_stop = part.stop;
    value.end_offset = part.stop_at;
    if (after_scalar) scalars_.push_back(value);
    if (after_string && value.field != kNoField) strings_.push_back(value);
    value.field = step.kind == JsonStep::Kind::kField ? step.field : kNoField;
    value.begin_stop = part.stop;
    value.begin_offset = static_cast<uint32_t>(part.gap.size()) - part.stop_at;
    std::erase(absent_fields_, value.field);
    after_string = is_string;
    after_scalar = !is_string;
  }
}

void JsonTemplate::Clear() {
  stop_count_ = 0;
  parts_.clear();
  strings_.clear();
  scalars_.clear();
  absent_fields_.clear();
}

// Adds a gap with the quotes beside it, or the newline after the last one, which stand beside it in
// the line that the step points into.
bool JsonTemplate::AddPart(const JsonStep& step, bool after_string, bool is_string) {
  const bool is_end = step.kind == JsonStep::Kind::kEnd;
  const std::string_view text(step.gap.data() - after_string,
                              step.gap.size() + after_string + (is_string || is_end));
  const char* const first_stop = std::find_if(text.begin(), text.end(), IsStop);
  if (text.size() > JsonGap::kMaxSize || first_stop == text.end()) {
    return false;
  }
  parts_.push_back({JsonGap(text), static_cast<uint32_t>(stop_count_),
                    static_cast<uint32_t>(first_stop - text.begin())});
  stop_count_ += static_cast<size_t>(std::count_if(text.begin(), text.end(), IsStop));
  return true;
}

size_t JsonTemplate::Match(const JsonLineIndex::Next& next, size_t limit,
                           std::string_view* texts) const {
  // A gap that is elsewhere may seem to begin before its line, but not before the text.
  if (parts_.empty() || next.begin < JsonGap::kMaxSize) return 0;
  size_t count = CountAdjacent(next, std::min(limit, next.stop_count / stop_count_));
  for (const Part& part : parts_) count = CountMatches(part, next, count);
  for (const Value& scalar : scalars_) count = ReadScalars(scalar, next, count, texts);
  for (const Value& string : strings_) TakeStrings(string, next, count, texts);
  for (const uint32_t field : absent_fields_) {
    for (size_t line = 0; line < count; ++line) texts[line * field_count_ + field] = {};
  }
  return count;
}

// The first gap of each line must be where the line begins: after the last stop of the line before.
size_t JsonTemplate::CountAdjacent(const JsonLineIndex::Next& next, size_t count) const {
  uint32_t begin = next.begin;
  const uint32_t* stops = next.stops;
  for (size_t line = 0; line < count; ++line, stops += stop_count_) {
    if (stops[0] - parts_[0].stop_at != begin) return line;
    begin = stops[stop_count_ - 1] + 1;
  }
  return count;
}

size_t JsonTemplate::CountMatches(const Part& part, const JsonLineIndex::Next& next,
                                  size_t count) const {
  const uint32_t* stop = next.stops + part.stop;
  for (size_t line = 0; line < count; ++line, stop += stop_count_) {
    if (!part.gap.Matches(next.base + (*stop - part.stop_at))) return line;
  }
  return count;
}

size_t JsonTemplate::ReadScalars(const Value& value, const JsonLineIndex::Next& next, size_t count,
                                 std::string_view* texts) const {
  const uint32_t* stops = next.stops;
  for (size_t line = 0; line < count; ++line, stops += stop_count_) {
    const uint32_t begin = value.Begin(stops), end = value.End(stops);
    if (end <= begin) return line;
    std::string_view text;
    if (!ReadJsonScalar({next.base + begin, end - begin}, text)) return line;
    if (value.field != kNoField) texts[line * field_count_ + value.field] = text;
  }
  return count;
}

void JsonTemplate::TakeStrings(const Value& value, const JsonLineIndex::Next& next, size_t count,
                               std::string_view* texts) const {
  const uint32_t* stops = next.stops;
  for (size_t line = 0; line < count; ++line, stops += stop_count_) {
    const uint32_t begin = value.Begin(stops);
    texts[line * field_count_ + value.field] = {next.base + begin, value.End(stops) - begin};
  }
}

}  // namespace onrush
