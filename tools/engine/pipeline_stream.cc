#include "tools/engine/pipeline_stream.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/expression_parser.h"
#include "core/suggest.h"
#include "fmt/format.h"
#include "ingest/time_pattern.h"
#include "tools/engine/expression_setting.h"
#include "tools/engine/message_text.h"
#include "tools/engine/pipeline_format.h"
#include "tools/engine/pipeline_values.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;
using TimeKind = TimeFormat::Kind;

constexpr std::string_view kTypeExample = "a type such as 'int', 'decimal(2)' or 'string'";

class StreamReader {
 public:
  StreamReader(std::string name, const SettingTable& settings) : settings_(settings) {
    stream_.plan.name = std::move(name);
  }

  StreamSettings Read() {
    settings_.CheckKeys("stream",
                        {"format", "raw_format", "delimiter", "header", "time", "time_format",
                         "time_zone", "max_out_of_orderness", "allowed_lateness", "valid_from",
                         "valid_until", "max_ahead", "fields", "derive"});
    ReadFields();
    ReadTimeColumn();
    ReadInputFormat(settings_, plan());
    ReadTimeFormat();
    ReadDisorder();
    ReadDerived();
    return std::move(stream_);
  }

 private:
  StreamPlan& plan() { return stream_.plan; }

  void ReadFields() {
    const TomlValue* fields =
        settings_.Require("fields", Kind::kTable, "a table with a type for each field");
    stream_.complete = fields != nullptr;
    if (fields == nullptr) return;
    const SettingTable table(*fields, settings_.PathOf("fields"), settings_.errors());
    for (const TomlEntry& entry : fields->entries) {
      const std::optional<ValueType> type = ReadType(table, entry.key);
      if (type) plan().fields.push_back({entry.key, *type});
      stream_.complete = stream_.complete && type;
    }
    if (fields->entries.empty()) {
      settings_.Error("fields", "no field", "one line for each field that the queries use");
    }
  }

  std::optional<ValueType> ReadType(const SettingTable& table, std::string_view key) {
    const TomlValue& value = *table.Find(key);
    if (value.kind == Kind::kTable) {
      table.Error(key, "a table",
                  fmt::format("{}; the name of a nested field stands in quotes, \"{}.…\"",
                              kTypeExample, key));
      return std::nullopt;
    }
    if (table.Get(key, Kind::kString, kTypeExample) == nullptr) return std::nullopt;
    const std::optional<ValueType> type = ParseValueType(value.text);
    if (!type) table.Error(key, Quoted(value.text), DescribeTypes(value.text));
    if (key.empty()) table.Error(key, "an empty name", "the name of a field");
    return type;
  }

  void ReadTimeColumn() {
    const TomlValue* time =
        settings_.Require("time", Kind::kString, "the field that holds the event time");
    if (time == nullptr) return;
    std::vector<std::string_view> timestamps;
    for (size_t column = 0; column < plan().fields.size(); ++column) {
      const FieldPlan& field = plan().fields[column];
      if (field.type.kind == TypeKind::kTimestamp) timestamps.push_back(field.name);
      if (field.name != time->text) continue;
      plan().time_column = column;
      if (field.type.kind == TypeKind::kTimestamp) return;
      settings_.Error("time",
                      fmt::format("{}, of type {}", Quoted(time->text), TypeName(field.type)),
                      "a field of type timestamp");
      return;
    }
    if (!stream_.complete) return;
    settings_.Error("time", fmt::format("{}, no declared field", Quoted(time->text)),
                    DescribeChoices(time->text, timestamps, "a field of type timestamp"));
  }

  void ReadTimeFormat() {
    static const std::vector<std::string_view> kNames(kTimeFormatNames.begin(),
                                                      kTimeFormatNames.end());
    TimeFormat& format = plan().time_format;
    const TomlValue* text = settings_.Find("time_format");
    if (text != nullptr && text->kind == Kind::kString &&
        text->text.find('%') != std::string::npos) {
      format.kind = TimeKind::kPattern;
      format.pattern = text->text;
      ReportPattern(*text);
    } else if (const std::optional<size_t> name = settings_.GetChoice("time_format", kNames)) {
      format.kind = static_cast<TimeKind>(*name);
    }
    ReadTimeZone();
  }

  void ReportPattern(const TomlValue& pattern) {
    const absl::Status status = TimePattern::Compile(pattern.text).status();
    if (status.ok()) return;
    constexpr std::string_view kPrefix = "time_format ";  // the path says it already
    std::string problem(status.message());
    if (problem.starts_with(kPrefix)) problem.erase(0, kPrefix.size());
    settings_.errors().AddText(pattern.position, settings_.PathOf("time_format"),
                               fmt::format("found {}", problem));
  }

  void ReadTimeZone() {
    const TomlValue* zone = settings_.Get("time_zone", Kind::kString, kTimeZoneExample);
    if (zone == nullptr) return;
    if (plan().time_format.kind != TimeKind::kPattern) {
      settings_.Error("time_zone", Describe(*zone),
                      "no time_zone, or a time_format that is a pattern such as "
                      "'%Y-%m-%d %H:%M:%S'");
    } else if (!IsTimeZone(zone->text)) {
      settings_.Error("time_zone", fmt::format("{}, no known time zone", Quoted(zone->text)),
                      kTimeZoneExample);
    }
    plan().time_format.time_zone = zone->text;
  }

  void ReadDisorder() {
    plan().max_out_of_orderness =
        settings_.GetDuration("max_out_of_orderness").value_or(Duration{});
    stream_.allowed_lateness = settings_.GetDuration("allowed_lateness").value_or(Duration{});
    plan().valid_from = settings_.GetInstant("valid_from");
    plan().valid_until = settings_.GetInstant("valid_until");
    plan().max_ahead = settings_.GetDuration("max_ahead");
    if (plan().valid_from && plan().valid_until && *plan().valid_from >= *plan().valid_until) {
      settings_.Error(
          "valid_until", FormatInstant(plan().valid_until->ns),
          fmt::format("an instant after valid_from, {}", FormatInstant(plan().valid_from->ns)));
    }
  }

  void ReadDerived() {
    const TomlValue* derive = settings_.Get("derive", Kind::kTable, kDerivedExample);
    if (derive == nullptr) return;
    const SettingTable table(*derive, settings_.PathOf("derive"), settings_.errors());
    for (const TomlEntry& entry : derive->entries) {
      const bool read = table.Get(entry.key, Kind::kTable, kDerivedExample) != nullptr &&
                        ReadDerivedField(table, entry);
      stream_.complete = stream_.complete && read;
    }
  }

  bool ReadDerivedField(const SettingTable& derive, const TomlEntry& entry) {
    const SettingTable field(entry.value, derive.PathOf(entry.key), derive.errors());
    field.CheckKeys("derive", {"type", "expr"});
    const TomlValue* type_text = field.Require("type", Kind::kString, kTypeExample);
    const TomlValue* expr_text = field.Require("expr", Kind::kString, "an expression");
    if (type_text == nullptr || expr_text == nullptr) return false;
    const std::optional<ValueType> type = ParseValueType(type_text->text);
    if (!type) field.Error("type", Quoted(type_text->text), DescribeTypes(type_text->text));
    if (!CheckNewName(field, entry) || !type || !stream_.complete) return false;
    std::optional<ExprPlan> expr =
        TakeExpression(field, "expr", *expr_text,
                       ParseValue(expr_text->text, plan(), plan().column_count(), *type));
    if (!expr) return false;
    plan().derived.push_back({entry.key, *type, *std::move(expr)});
    return true;
  }

  bool CheckNewName(const SettingTable& field, const TomlEntry& entry) {
    const bool taken = std::any_of(plan().fields.begin(), plan().fields.end(),
                                   [&](const FieldPlan& other) { return other.name == entry.key; });
    if (taken) {
      field.errors().Add(entry.position, field.path(), "the name of a declared field",
                         "a name of its own");
    }
    return !taken;
  }

  static constexpr std::string_view kTimeZoneExample =
      "a name of the IANA time zone data base such as 'Europe/London'";
  static constexpr std::string_view kDerivedExample =
      "a table such as { type = 'decimal(2)', expr = 'quantity * price' }";

  const SettingTable& settings_;
  StreamSettings stream_;
};

}  // namespace

StreamSettings ReadStream(std::string name, const SettingTable& settings) {
  return StreamReader(std::move(name), settings).Read();
}

}  // namespace onrush
