#include "tools/onrush/run_report.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <vector>

#include "core/json_text.h"
#include "fmt/format.h"
#include "operators/sinks/text_table.h"

namespace onrush {
namespace {

struct QueryColumn {
  std::string_view heading;  // in the summary
  std::string_view name;     // in --stats
  uint64_t QueryLedger::*counter;
};
constexpr QueryColumn kQueryColumns[] = {
    {"counted", "counted", &QueryLedger::counted},
    {"late", "late", &QueryLedger::late},
    {"partly late", "partly_late", &QueryLedger::partly_late},
    {"null key", "skipped_null_key", &QueryLedger::skipped_null_key},
    {"filtered", "filtered", &QueryLedger::filtered},
    {"rejected", "rejected", &QueryLedger::rejected},
    {"over max_keys", "over_max_keys", &QueryLedger::over_max_keys},
    {"sum overflows", "sum_overflows", &QueryLedger::sum_overflows},
    {"lines", "lines", &QueryLedger::lines},
};

uint64_t Total(const Ledger& ledger, uint64_t StreamLedger::*counter) {
  uint64_t total = 0;
  for (const StreamLedger& stream : ledger.streams) total += stream.*counter;
  return total;
}

double EventsPerSecond(const RunReport& report) {
  const auto events = static_cast<double>(Total(report.ledger, &StreamLedger::read));
  return report.elapsed_s > 0 ? events / report.elapsed_s : 0;
}

// "2026f"; empty if the system does not say.
std::string TimeZoneDataVersion() {
  std::string line;
  std::getline(std::ifstream("/usr/share/zoneinfo/+VERSION"), line);
  if (!line.empty()) return line;
  std::getline(std::ifstream("/usr/share/zoneinfo/tzdata.zi"), line);
  constexpr std::string_view kPrefix = "# version ";
  return line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : std::string();
}

// Appends `"name":`.
void AppendName(std::string_view name, std::string& out) {
  AppendJsonString(name, out);
  out += ':';
}

void AppendStreams(const RunReport& report, std::string& out) {
  for (size_t i = 0; i < report.plan.streams.size(); ++i) {
    const StreamLedger& stream = report.ledger.streams[i];
    if (i > 0) out += ',';
    AppendName(report.plan.streams[i].name, out);
    out += fmt::format(R"({{"read":{},"bad":{},"duplicate":{},"outside":{}}})", stream.read,
                       stream.bad, stream.duplicate, stream.outside);
  }
}

void AppendQueries(const RunReport& report, std::string& out) {
  for (size_t i = 0; i < report.plan.queries.size(); ++i) {
    if (i > 0) out += ',';
    AppendName(report.plan.queries[i].name, out);
    char separator = '{';
    for (const QueryColumn& column : kQueryColumns) {
      out += fmt::format(R"({}"{}":{})", separator, column.name,
                         report.ledger.queries[i].*column.counter);
      separator = ',';
    }
    out += '}';
  }
}

std::string StreamTable(const RunReport& report) {
  const bool outside = Total(report.ledger, &StreamLedger::outside) > 0;
  std::vector<TextTable::Heading> headings = {{"stream"}, {"read", true}, {"bad", true}};
  if (outside) headings.push_back({"outside", true});
  TextTable table(std::move(headings));
  for (size_t i = 0; i < report.plan.streams.size(); ++i) {
    const StreamLedger& stream = report.ledger.streams[i];
    std::vector<std::string> cells = {report.plan.streams[i].name, WithThousands(stream.read),
                                      WithThousands(stream.bad)};
    if (outside) cells.push_back(WithThousands(stream.outside));
    table.AddRow(std::move(cells));
  }
  std::string text;
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  return text;
}

std::string QueryTable(const RunReport& report) {
  std::vector<QueryColumn> columns;
  std::vector<TextTable::Heading> headings = {{"query"}};
  for (const QueryColumn& column : kQueryColumns) {
    const auto is_set = [&](const QueryLedger& query) { return query.*column.counter > 0; };
    const bool rare = column.counter == &QueryLedger::rejected ||
                      column.counter == &QueryLedger::over_max_keys ||
                      column.counter == &QueryLedger::sum_overflows;
    if (rare && std::none_of(report.ledger.queries.begin(), report.ledger.queries.end(), is_set)) {
      continue;
    }
    columns.push_back(column);
    headings.push_back({std::string(column.heading), true});
  }
  TextTable table(std::move(headings));
  for (size_t i = 0; i < report.plan.queries.size(); ++i) {
    std::vector<std::string> cells = {report.plan.queries[i].name};
    for (const QueryColumn& column : columns) {
      cells.push_back(WithThousands(report.ledger.queries[i].*column.counter));
    }
    table.AddRow(std::move(cells));
  }
  std::string text;
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  return text;
}

}  // namespace

std::string StatsJson(const RunReport& report) {
  std::string out = fmt::format(
      R"({{"events":{},"bad":{},"elapsed_s":{:.6f},"events_per_s":{:.0f},"lines":{},"digest":"xxh3:{:016x}","streams":{{)",
      Total(report.ledger, &StreamLedger::read), Total(report.ledger, &StreamLedger::bad),
      report.elapsed_s, EventsPerSecond(report), report.lines, report.digest);
  AppendStreams(report, out);
  out += R"(},"queries":{)";
  AppendQueries(report, out);
  out += R"(},"time_zone_data":)";
  const std::string version = TimeZoneDataVersion();
  if (version.empty()) {
    out += "null";
  } else {
    AppendJsonString(version, out);
  }
  out += R"(,"notes":[)";
  for (size_t i = 0; i < report.notes.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(report.notes[i], out);
  }
  return out + "]}\n";
}

std::string SummaryText(const RunReport& report) {
  return fmt::format("{} events in {:.2f} s ({} events/s), {} result lines\n\n{}\n{}",
                     WithThousands(Total(report.ledger, &StreamLedger::read)), report.elapsed_s,
                     Rounded(EventsPerSecond(report)), WithThousands(report.lines),
                     StreamTable(report), QueryTable(report));
}

std::string WithThousands(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string Rounded(double number) {
  if (number >= 1e6) return fmt::format("{:.1f} M", number / 1e6);
  if (number >= 1e4) return fmt::format("{:.0f} k", number / 1e3);
  return fmt::format("{:.0f}", number);
}

}  // namespace onrush
