#include "tools/engine/pipeline_format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/suggest.h"
#include "fmt/format.h"
#include "ingest/log_line.h"
#include "tools/engine/message_text.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kDelimiterExample = "one character such as ';' or '\\t'";

// "arrivals" is not for pipelines: what lies in a recording, the recording knows.
const std::vector<std::string_view> kFormats(kFormatNames.begin(), kFormatNames.end() - 1);
static_assert(kFormatNames.back() == "arrivals");
// Records of late outputs are texts.
constexpr size_t kRawFormatCount = 4;
static_assert(kFormatNames[kRawFormatCount] == "late");
const std::vector<std::string_view> kRawFormats(kFormats.begin(),
                                                kFormats.begin() + kRawFormatCount);

// The format of the records, where the file says it.
std::optional<Format> RecordFormat(const StreamPlan& plan) {
  return plan.format == Format::kLate ? plan.raw_format : plan.format;
}

bool IsLog(std::optional<Format> format) {
  return format == Format::kCommonLog || format == Format::kCombinedLog;
}

void ReadDelimiter(const SettingTable& settings, StreamPlan& plan) {
  const TomlValue* delimiter = settings.Get("delimiter", Kind::kString, kDelimiterExample);
  if (delimiter == nullptr) return;
  const std::string& text = delimiter->text;
  if (text.size() == 1 && std::string_view("\"\r\n").find(text[0]) == std::string_view::npos) {
    plan.delimiter = text[0];
  } else {
    settings.Error("delimiter", Describe(*delimiter), kDelimiterExample);
  }
}

// Reports settings of CSV beside a format that has no use for them.
void ReportIfUseless(const SettingTable& settings, std::string_view key, const StreamPlan& plan) {
  if (!settings.Has(key)) return;
  const bool raw = plan.format == Format::kLate;
  settings.Error(key,
                 fmt::format("{} beside {}format = '{}'", key, raw ? "raw_" : "",
                             FormatName(*RecordFormat(plan))),
                 fmt::format("no {}, or {}format = 'csv'", key, raw ? "raw_" : ""));
}

void CheckLogFields(const SettingTable& settings, const StreamPlan& plan) {
  const bool combined = RecordFormat(plan) == Format::kCombinedLog;
  const std::vector<std::string_view> known(
      kLogFields.begin(), kLogFields.begin() + (combined ? kLogFields.size() : kCommonLogFields));
  const TomlValue* fields = settings.Find("fields");
  for (const FieldPlan& field : plan.fields) {
    if (std::find(known.begin(), known.end(), field.name) != known.end()) continue;
    const SettingTable table(*fields, settings.PathOf("fields"), settings.errors());
    table.Error(field.name,
                fmt::format("{}, which a {} log does not have", Quoted(field.name),
                            combined ? "combined" : "common"),
                DescribeChoices(field.name, known, "one of its fields"));
  }
}

}  // namespace

void ReadInputFormat(const SettingTable& settings, StreamPlan& plan) {
  if (const auto choice = settings.GetChoice("format", kFormats)) {
    plan.format = static_cast<Format>(*choice);
  }
  if (const auto choice = settings.GetChoice("raw_format", kRawFormats)) {
    plan.raw_format = static_cast<Format>(*choice);
    if (plan.format != Format::kLate) {
      settings.Error("raw_format", "raw_format without format = 'late'",
                     "no raw_format, or format = 'late'");
    }
  }
  plan.header = settings.GetBool("header").value_or(true);
  ReadDelimiter(settings, plan);
  if (RecordFormat(plan).value_or(Format::kCsv) != Format::kCsv) {
    ReportIfUseless(settings, "header", plan);
    ReportIfUseless(settings, "delimiter", plan);
  }
  if (IsLog(RecordFormat(plan))) {
    if (!settings.Has("time_format")) plan.time_format.kind = TimeFormat::Kind::kClf;
    CheckLogFields(settings, plan);
  }
}

}  // namespace onrush
