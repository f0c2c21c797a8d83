#include "ingest/json_template.h"

#include <algorithm>
#include <string>

#include "ingest/json_scan.h"

namespace onrush {
namespace {

bool IsStop(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// True if [p, end) is a number of JSON without an exponent, of at most 16 characters.
inline bool IsShortNumber(const char* p, const char* end) {
  p += *p == '-';
  const size_t size = static_cast<size_t>(end - p);
  if (size - 1 >= 16) return false;  // nothing, or too long
  const unsigned others = NonDigits(p) & ((1u << size) - 1);
  if (others == 0) return *p != '0' || size == 1;
  const size_t point = static_cast<size_t>(__builtin_ctz(others));
  return (others & (others - 1)) == 0 && p[point] == '.' && point > 0 && point + 1 < size &&
         (*p != '0' || point == 1);
}

// Sets `text` if [p, end) is a short number or true or false, and clears it if it is null; else
// returns false.
inline bool ReadScalar(const char* p, const char* end, std::string_view& text) {
  if (end <= p) return false;
  text = {p, static_cast<size_t>(end - p)};
  if (IsShortNumber(p, end) || text == "true" || text == "false") return true;
  const bool is_null = text == "null";
  text = {};
  return is_null;
}

}  // namespace

JsonTemplate::JsonTemplate(size_t field_count) : field_count_(field_count) {
  parts_.reserve(kMaxParts);
  strings_.reserve(kMaxParts);
  scalars_.reserve(kMaxParts);
  absent_fields_.reserve(field_count);
}

void JsonTemplate::Assign(const std::vector<JsonStep>& line) {
  Clear();
  for (uint32_t field = 0; field < field_count_; ++field) absent_fields_.push_back(field);
  bool after_string = false;
  for (const JsonStep& step : line) {
    const bool is_end = step.kind == JsonStep::Kind::kEnd;
    const char value_begin = *(step.gap.data() + step.gap.size());
    const bool is_string = !is_end && value_begin == '"';
    // A value in brackets may hold any number of stops.
    if (value_begin == '{' || value_begin == '[' || !AddPart(step, after_string, is_string)) {
      Clear();
      return;
    }
    const bool is_field = step.kind == JsonStep::Kind::kField;
    if (is_field) std::erase(absent_fields_, step.field);
    const Value value = {static_cast<uint32_t>(parts_.size() - 1),
                         is_field ? step.field : kNoField};
    if (!is_end && !is_string) scalars_.push_back(value);
    if (is_field && is_string) strings_.push_back(value);
    after_string = is_string;
  }
}

void JsonTemplate::Clear() {
  stop_count_ = 0;
  parts_.clear();
  strings_.clear();
  scalars_.clear();
  absent_fields_.clear();
}

// Adds a gap with the quotes beside it; they, and the newline after the last one, stand in the line
// that the step points into.
bool JsonTemplate::AddPart(const JsonStep& step, bool after_string, bool is_string) {
  const std::string_view text(step.gap.data() - after_string,
                              step.gap.size() + after_string + is_string);
  const char* const first_stop = std::find_if(text.begin(), text.end(), IsStop);
  const bool is_end = step.kind == JsonStep::Kind::kEnd;
  if (text.size() > JsonGap::kMaxSize || parts_.size() == kMaxParts ||
      (first_stop == text.end() && !is_end)) {
    return false;
  }
  parts_.push_back({JsonGap(text), static_cast<uint32_t>(stop_count_),
                    static_cast<uint32_t>(first_stop - text.begin())});
  stop_count_ += static_cast<size_t>(std::count_if(text.begin(), text.end(), IsStop));
  return true;
}

bool JsonTemplate::Match(const JsonLineIndex::Next& line, std::string_view* texts) const {
  // A gap that is elsewhere may seem to begin before its line, but not before the text.
  if (line.stop_count <= stop_count_ || line.begin < JsonGap::kMaxSize || parts_.empty()) {
    return false;
  }
  const uint32_t end = line.stops[stop_count_];
  if (line.base[end] != '\n') return false;
  // Of each gap, where it begins and where the value after it does.
  uint32_t gaps[kMaxParts], values[kMaxParts];
  uint32_t differences = 0;
  uint32_t i = 0;
  for (const Part& part : parts_) {
    gaps[i] = line.stops[part.stop] - part.stop_at;
    values[i] = gaps[i] + static_cast<uint32_t>(part.gap.size());
    differences |= part.gap.Differences(line.base + gaps[i++]);
  }
  if (differences != 0 || gaps[0] != line.begin || values[i - 1] != end) return false;
  for (const Value& value : strings_) {
    const char* const text = line.base + values[value.part];
    texts[value.field] = {text, gaps[value.part + 1] - values[value.part]};
  }
  for (const Value& value : scalars_) {
    std::string_view undeclared;
    std::string_view& text = value.field == kNoField ? undeclared : texts[value.field];
    if (!ReadScalar(line.base + values[value.part], line.base + gaps[value.part + 1], text)) {
      return false;
    }
  }
  for (const uint32_t field : absent_fields_) texts[field] = {};
  return true;
}

}  // namespace onrush
