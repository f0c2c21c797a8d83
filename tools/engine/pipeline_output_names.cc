#include "tools/engine/pipeline_output_names.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "tools/engine/message_text.h"

namespace onrush {
namespace {

// A key of an output line, and the setting that asks for it.
struct OutputName {
  std::string name;
  std::string_view setting;
};

// The keys that lines have whatever a query computes.
std::vector<std::string> FixedNames(const QueryPlan& query) {
  if (std::holds_alternative<TopKPlan>(query.kind)) return {"rank"};
  if (std::holds_alternative<VelocityPlan>(query.kind)) {
    return {"query", "seq", "event_seq", "time", "window_start"};
  }
  if (query.window() == nullptr) return {"query", "seq", "time"};
  return {"query", "seq", "window_start", "window_end", "revision", "early", "final", "withdrawn"};
}

void AddMeasures(const QueryPlan& query, const StreamPlan& stream, std::vector<OutputName>& names) {
  if (const auto* top_k = std::get_if<TopKPlan>(&query.kind)) {
    names.push_back({top_k->by.name, "by"});
  } else if (const auto* velocity = std::get_if<VelocityPlan>(&query.kind)) {
    names.push_back({"count", "count_over"});
    if (velocity->distinct) {
      names.push_back(
          {"distinct_" + stream.column_name(velocity->distinct->column), "distinct_at_least"});
    }
    if (velocity->sum) {
      names.push_back({"sum_" + stream.column_name(velocity->sum->column), "sum_over"});
    }
  } else {
    for (const MeasurePlan& measure : std::get<AggregatePlan>(query.kind).compute) {
      names.push_back({measure.name, "compute"});
    }
  }
}

}  // namespace

void CheckOutputNames(const QueryPlan& query, const StreamPlan& stream,
                      const SettingTable& settings) {
  std::vector<std::string> taken = FixedNames(query);
  std::vector<OutputName> names;
  for (size_t column : query.key) names.push_back({stream.column_name(column), "key"});
  AddMeasures(query, stream, names);
  for (const OutputName& output : names) {
    if (std::find(taken.begin(), taken.end(), output.name) != taken.end()) {
      // The key of a velocity query clashes with its count, whether or not count_over is there.
      const std::string_view setting = settings.Has(output.setting) ? output.setting : "key";
      settings.Error(setting,
                     fmt::format("{}, a name that the output has already", Quoted(output.name)),
                     "another name (a measure takes one with 'as')");
    }
    taken.push_back(output.name);
  }
}

}  // namespace onrush
