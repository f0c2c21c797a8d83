#include "tests/support/flink_script.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "core/check.h"
#include "core/time.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_both.h"

namespace onrush {
namespace {

constexpr int64_t kBoundMillis = 3'600'000;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

bool IsStep(const std::string& line) { return line.starts_with("E ") || line.starts_with("W "); }

// The text of a member, without its quotes.
std::string Member(const std::string& line, const std::string& name) {
  const size_t at = line.find('"' + name + "\":");
  ONRUSH_CHECK(at != std::string::npos);
  const size_t begin = at + name.size() + 3;
  if (line[begin] == '"') return line.substr(begin + 1, line.find('"', begin + 1) - begin - 1);
  return line.substr(begin, line.find_first_of(",}]", begin) - begin);
}

std::string MillisOf(const std::string& line, const std::string& name) {
  return std::to_string(ParseInstant(Member(line, name)).value().ns / 1'000'000);
}

std::string ResultAsScript(const std::string& line) {
  return (Member(line, "revision") == "0" ? "I " : "U+ ") + Member(line, "key") + ' ' +
         Member(line, "sum_value") + ' ' + MillisOf(line, "window_start") + ' ' +
         MillisOf(line, "window_end");
}

std::string LateAsScript(const std::string& line) {
  std::string raw = Member(line, "raw");
  std::replace(raw.begin(), raw.end(), ',', ' ');
  return (Member(line, "counted") == "0" ? "L " : "P ") + raw;
}

}  // namespace

StreamPlan FlinkStream() {
  return MakeStream("events", TimeFormat::Kind::kUnixMillis, Millis(kBoundMillis),
                    {{"ts", kTimestampType}, {"key", kStringType}, {"value", kIntType}});
}

QueryPlan FlinkSum(const WindowPlan& window, Duration allowed_lateness) {
  AggregatePlan aggregate;
  aggregate.window = window;
  aggregate.compute = {{MeasurePlan::Kind::kSum, 2, "sum_value"}};
  QueryPlan query = MakeQuery("flink", {1}, allowed_lateness, aggregate);
  query.where = Where(FlinkStream(), "key != 'W'");
  query.late_updates = QueryPlan::LateUpdates::kEach;
  return query;
}

std::string FlinkInput(const std::string& script) {
  std::string text;
  for (const std::string& line : Lines(script)) {
    if (!IsStep(line)) continue;
    std::istringstream words(line);
    std::string kind, key = "W", value;
    int64_t time = 0;
    words >> kind >> time;
    if (kind == "W") {
      time += 1 + kBoundMillis;
    } else {
      words >> key >> value;
    }
    text += std::to_string(time) + ',' + key + ',' + value + '\n';
  }
  return text;
}

std::string PlayFlinkScript(const QueryPlan& query, const std::string& script) {
  const RunResult result = RunBoth(MakePlan(FlinkStream(), {query}), FlinkInput(script));
  std::map<std::string, std::string> said;  // by seq
  for (const std::string& line : Lines(result.results)) {
    said[Member(line, "seq")] += ResultAsScript(line) + '\n';
  }
  for (const std::string& line : Lines(result.late)) {
    said[Member(line, "seq")] += LateAsScript(line) + '\n';
  }
  std::string text;
  int seq = 0;
  for (const std::string& line : Lines(script)) {
    if (IsStep(line)) text += line + '\n' + said[std::to_string(seq++)];
  }
  return SortedScript(text + said[std::to_string(seq)]);
}

std::string SortedScript(const std::string& script) {
  std::vector<std::string> lines = Lines(script);
  for (auto begin = lines.begin(); begin != lines.end();) {
    const auto end = std::find_if(begin + 1, lines.end(), IsStep);
    std::sort(begin + 1, end);
    begin = end;
  }
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::string WithUpdatesAsOutput(std::string script) {
  std::string text;
  for (const std::string& line : Lines(script)) {
    if (line.starts_with("I ") || line.starts_with("U+ ")) {
      text += "O" + line.substr(line.find(' ')) + '\n';
    } else {
      text += line + '\n';
    }
  }
  return text;
}

}  // namespace onrush
