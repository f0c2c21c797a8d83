#include "ingest/json_line_parser.h"

#include <algorithm>
#include <utility>

#include "core/runtime/source.h"
#include "fmt/format.h"
#include "ingest/json_string.h"

namespace onrush {
namespace {

// A copy of the last line of a text with the newline that reading stops at.
std::string_view CopyWithNewline(std::string_view line, TextArena& arena) {
  char* const copy = arena.CopyPadded(line, 1 + TextBlock::kPadding);
  copy[line.size()] = '\n';
  return {copy, line.size()};
}

}  // namespace

JsonLineParser::JsonLineParser(JsonPaths paths)
    : paths_(std::move(paths)),
      flat_line_(paths_),
      template_(paths_.field_count()),
      last_seen_(paths_.node_count(), 0) {
  steps_.reserve(JsonTemplate::kMaxSteps);
}

size_t JsonLineParser::ParseAlike(JsonLineIndex& index, size_t limit, std::string_view* lines,
                                  std::string_view* texts) {
  if (misses_ >= kMissesToRest) return 0;
  // Lines are compared gap by gap: all that are alike at once, but few in vain.
  constexpr size_t kMaxAlike = 64;
  const size_t count = template_.Match(index.next(), std::min(limit, alike_), texts);
  for (size_t i = 0; i < count; ++i) lines[i] = index.Take(template_.stop_count() - 1);
  alike_ = count == alike_ ? std::min(2 * alike_, kMaxAlike) : std::max<size_t>(count, 1);
  if (count > 0) misses_ = 0;
  return count;
}

JsonLineParser::Outcome JsonLineParser::ParseNext(JsonLineIndex& index, std::string_view& text,
                                                  std::string_view* texts, TextArena& arena) {
  misses_ = std::min(misses_ + 1, kMissesToRenewal);
  const bool renewal = misses_ == kMissesToRenewal;
  if (!renewal && ReadFlat(index, text, texts)) return Outcome::kRow;
  const JsonLineIndex::Line taken = index.Take();
  text = taken.text;
  const std::string_view parsed = taken.has_newline ? text : CopyWithNewline(text, arena);
  JsonLine line{parsed.data(), parsed.data() + parsed.size(), arena};
  const Outcome outcome = ParseByRules(line, texts);
  if (renewal && outcome == Outcome::kRow) {
    template_.Assign(steps_);
    misses_ = 0;
  }
  return outcome;
}

bool JsonLineParser::ReadFlat(JsonLineIndex& index, std::string_view& line,
                              std::string_view* texts) {
  if (not_flat_ >= kMissesToRest) {
    not_flat_ = (not_flat_ + 1) % kMissesToRetry;
    return false;
  }
  const size_t newline = flat_line_.Read(index.next(), texts);
  if (newline == JsonFlatLine::kUnusual) {
    ++not_flat_;
    return false;
  }
  not_flat_ = 0;
  line = index.Take(newline);
  return true;
}

JsonLineParser::Outcome JsonLineParser::ParseByRules(JsonLine& line, std::string_view* texts) {
  std::fill_n(texts, paths_.field_count(), std::string_view());
  ++line_number_;
  bad_node_ = JsonPaths::kNone;
  steps_.clear();
  after_last_value_ = line.begin;
  const char* p = SkipJsonSpace(line.begin);
  if (p == line.end) return Outcome::kBlank;
  p = *p == '{' ? ParseObject(p + 1, JsonPaths::kRoot, line, texts)
                : line.Fail(p, "expected an object");
  if (p != nullptr && SkipJsonSpace(p) == line.end) {
    AddStep(line.end, JsonStep::Kind::kEnd);
    return Outcome::kRow;
  }
  if (p != nullptr) line.Fail(SkipJsonSpace(p), "text after the object");
  DescribeProblem(line);
  return Outcome::kBad;
}

const char* JsonLineParser::ParseObject(const char* p, uint32_t node, JsonLine& line,
                                        std::string_view* texts) {
  p = SkipJsonSpace(p);
  if (*p == '}') return p + 1;
  while (true) {
    if (*p != '"') return line.Fail(p, "expected a member's name");
    uint32_t member = JsonPaths::kNone;
    p = ParseName(p, node, line, member);
    if (p == nullptr) return nullptr;
    p = SkipJsonSpace(p);
    if (*p != ':') return line.Fail(p, "expected ':'");
    p = ParseMember(SkipJsonSpace(p + 1), member, line, texts);
    if (p == nullptr) return nullptr;
    p = SkipJsonSpace(p);
    if (*p == '}') return p + 1;
    if (*p != ',') return line.Fail(p, "expected ',' or '}'");
    p = SkipJsonSpace(p + 1);
  }
}

// Sets `node` to the child of `parent` that the name declares.
const char* JsonLineParser::ParseName(const char* p, uint32_t parent, JsonLine& line,
                                      uint32_t& node) {
  const char* const end = FindStringStop(p + 1);
  if (*end == '"') {
    node = paths_.Find(parent, {p + 1, static_cast<size_t>(end - p - 1)});
    return end + 1;
  }
  std::string_view name;
  const char* problem = nullptr;
  const char* const after = UnescapeJsonString(p + 1, line.end, line.arena, name, problem);
  if (after == nullptr) return values_.SkipString(p, line);
  node = paths_.Find(parent, name);
  return after;
}

// `p` is where the value of a member begins.
const char* JsonLineParser::ParseMember(const char* p, uint32_t node, JsonLine& line,
                                        std::string_view* texts) {
  const bool wanted = node != JsonPaths::kNone && last_seen_[node] != line_number_;
  if (wanted) last_seen_[node] = line_number_;
  const uint32_t field = wanted ? paths_.field(node) : JsonPaths::kNone;
  if (field != JsonPaths::kNone) {
    AddStep(p, JsonStep::Kind::kField, field);
    p = values_.Read(p, line, texts[field]);
    if (p == nullptr) bad_node_ = node;
  } else if (wanted && *p == '{') {
    return ParseObject(p + 1, node, line, texts);
  } else if (wanted && *p == '[') {
    bad_node_ = node;
    p = line.Fail(p, "an array, not an object");
  } else {
    AddStep(p, wanted ? JsonStep::Kind::kPath : JsonStep::Kind::kOther);
    p = values_.Skip(p, line);
  }
  after_last_value_ = p;
  return p;
}

void JsonLineParser::AddStep(const char* p, JsonStep::Kind kind, uint32_t field) {
  if (misses_ < kMissesToRenewal || steps_.size() == JsonTemplate::kMaxSteps) return;
  const size_t gap_size = static_cast<size_t>(p - after_last_value_);
  steps_.push_back({{after_last_value_, gap_size}, kind, field});
}

void JsonLineParser::DescribeProblem(const JsonLine& line) {
  problem_ = bad_node_ == JsonPaths::kNone
                 ? fmt::format("byte {}: {}", line.problem_at - line.begin + 1, line.problem)
                 : fmt::format("{}: {}", paths_.path(bad_node_), line.problem);
}

}  // namespace onrush
