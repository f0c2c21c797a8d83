#include "tools/engine/pipeline_measures.h"

#include <array>
#include <string>
#include <utility>

#include "core/suggest.h"
#include "core/utf8.h"
#include "fmt/format.h"
#include "tools/engine/message_text.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;
using MeasureKind = MeasurePlan::Kind;

constexpr std::string_view kSpace = " \t";
constexpr std::string_view kComputeExample =
    "'count', or a function of a field such as 'sum(quantity) as sold'";
constexpr std::string_view kRankedByExample =
    "'count', or 'sum' or 'distinct' of a field such as 'distinct(user)'";

struct Function {
  std::string_view name;
  MeasureKind kind;
};
constexpr std::array<Function, 8> kFunctions = {{{"count", MeasureKind::kCount},
                                                 {"sum", MeasureKind::kSum},
                                                 {"distinct", MeasureKind::kDistinct},
                                                 {"min", MeasureKind::kMin},
                                                 {"max", MeasureKind::kMax},
                                                 {"avg", MeasureKind::kAvg},
                                                 {"first", MeasureKind::kFirst},
                                                 {"last", MeasureKind::kLast}}};

// What a setting takes: the first so many functions, and perhaps `as`.
struct Rules {
  size_t function_count;
  bool names;
  std::string_view example;
};
constexpr Rules kComputeRules = {kFunctions.size(), true, kComputeExample};
constexpr Rules kRankedByRules = {3, false, kRankedByExample};

// "sum(quantity) as sold" taken apart; parts that are not there are empty.
struct MeasureText {
  std::string_view function;
  std::string_view field;
  std::string_view name;
};

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return text.substr(text.size());
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Nothing if the text does not have that form.
std::optional<MeasureText> TakeApart(std::string_view text) {
  MeasureText parts;
  std::string_view rest = Trimmed(text);
  parts.function = rest.substr(0, rest.find_first_of(" \t("));
  rest = Trimmed(rest.substr(parts.function.size()));
  if (rest.starts_with('(')) {
    const size_t close = rest.find(')');
    if (close == std::string_view::npos) return std::nullopt;
    parts.field = Trimmed(rest.substr(1, close - 1));
    if (parts.field.empty()) return std::nullopt;
    rest = Trimmed(rest.substr(close + 1));
  }
  if (rest.empty()) return parts;
  if (!rest.starts_with("as") || kSpace.find(rest.substr(2, 1)) == std::string_view::npos) {
    return std::nullopt;
  }
  parts.name = Trimmed(rest.substr(2));
  if (parts.name.empty() || parts.name.find_first_of(kSpace) != std::string_view::npos) {
    return std::nullopt;
  }
  return parts;
}

// Requires: `part` is a part of `whole`.
size_t CharactersBefore(std::string_view part, std::string_view whole) {
  return CountUtf8Characters(whole.substr(0, static_cast<size_t>(part.data() - whole.data())));
}

// Reads the measures of one setting.
class MeasureReader {
 public:
  MeasureReader(const SettingTable& query, std::string_view key, const ColumnFinder& columns,
                const Rules& rules)
      : query_(query), key_(key), columns_(columns), rules_(rules) {}

  std::optional<MeasurePlan> Read(const TomlValue& value) const {
    if (value.kind != Kind::kString) {
      query_.errors().Add(value.position, query_.PathOf(key_), Describe(value), rules_.example);
      return std::nullopt;
    }
    const std::optional<MeasureText> parts = TakeApart(value.text);
    if (!parts || (!rules_.names && !parts->name.empty())) {
      return Fail(value, 0, Quoted(value.text), rules_.example);
    }
    const Function* function = FindFunction(value, parts->function);
    if (function == nullptr) return std::nullopt;
    const bool counts = function->kind == MeasureKind::kCount;
    if (counts == !parts->field.empty()) {
      return Fail(value, 0, Quoted(value.text),
                  counts ? "'count' alone, which counts events"
                         : fmt::format("a field in parentheses, '{}(…)'", function->name));
    }
    return Resolve(value, *parts, *function);
  }

 private:
  std::optional<MeasurePlan> Fail(const TomlValue& value, size_t offset, std::string_view found,
                                  std::string_view right) const {
    query_.ErrorInside(key_, value, offset,
                       fmt::format("found {}; would be right: {}", found, right));
    return std::nullopt;
  }

  const Function* FindFunction(const TomlValue& value, std::string_view name) const {
    std::vector<std::string_view> names;
    for (size_t i = 0; i < rules_.function_count; ++i) {
      if (kFunctions[i].name == name) return &kFunctions[i];
      names.push_back(kFunctions[i].name);
    }
    Fail(value, CharactersBefore(name, value.text), Quoted(name),
         name.empty() ? std::string(rules_.example) : DescribeChoices(name, names, ""));
    return nullptr;
  }

  std::optional<MeasurePlan> Resolve(const TomlValue& value, const MeasureText& parts,
                                     const Function& function) const {
    MeasurePlan measure;
    measure.kind = function.kind;
    measure.name = std::string(function.name);
    if (function.kind != MeasureKind::kCount) {
      const size_t offset = CharactersBefore(parts.field, value.text);
      const bool number = function.kind == MeasureKind::kSum || function.kind == MeasureKind::kAvg;
      const std::optional<size_t> column =
          number ? columns_.FindNumber(query_, key_, value, parts.field, offset, function.name)
                 : columns_.Find(query_, key_, value, parts.field, offset);
      if (!column) return std::nullopt;
      measure.column = *column;
      measure.name += fmt::format("_{}", parts.field);
    }
    if (!parts.name.empty()) measure.name = std::string(parts.name);
    return measure;
  }

  const SettingTable& query_;
  std::string_view key_;
  const ColumnFinder& columns_;
  const Rules& rules_;
};

}  // namespace

std::optional<std::vector<MeasurePlan>> ReadCompute(const SettingTable& query,
                                                    const ColumnFinder& columns) {
  const TomlValue* list =
      query.Require("compute", Kind::kArray, fmt::format("a list of {}", kComputeExample));
  if (list == nullptr) return std::nullopt;
  if (list->items.empty()) query.Error("compute", "an empty list", kComputeExample);
  const MeasureReader reader(query, "compute", columns, kComputeRules);
  std::vector<MeasurePlan> measures;
  for (const TomlValue& item : list->items) {
    std::optional<MeasurePlan> measure = reader.Read(item);
    if (measure) measures.push_back(*std::move(measure));
  }
  if (measures.empty() || measures.size() != list->items.size()) return std::nullopt;
  return measures;
}

std::optional<MeasurePlan> ReadRankedBy(const SettingTable& query, const ColumnFinder& columns) {
  const TomlValue* value = query.Find("by");
  if (value == nullptr) {
    MeasurePlan count;
    count.name = "count";
    return count;
  }
  return MeasureReader(query, "by", columns, kRankedByRules).Read(*value);
}

}  // namespace onrush
