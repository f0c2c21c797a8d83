#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "tools/engine/state_probe.h"
#include "tools/onrush/describe_plan.h"
#include "tools/onrush/explain/renderers.h"
#include "tools/onrush/json_values.h"

namespace onrush {
namespace {

using json::List;
using json::Members;
using json::Object;
using json::Text;
using json::Values;

const std::string kNull = "null";

std::string Number(int64_t number) { return std::to_string(number); }

std::string Flag(bool flag) { return flag ? "true" : "false"; }

std::string Span(const std::optional<Duration>& span) {
  return span ? Text(FormatDuration(*span)) : kNull;
}

std::string Instant(const std::optional<EventTime>& time) {
  return time ? Text(FormatInstant(time->ns)) : kNull;
}

std::string Key(const StreamPlan& stream, const std::vector<size_t>& key) {
  Values names;
  for (const size_t column : key) names.push_back(Text(stream.column_name(column)));
  return List(names);
}

std::string FormatOf(const StreamPlan& stream) {
  if (!stream.format) return kNull;
  return Text(FormatName(*stream.format));
}

std::string Routes(const Explanation& explanation, size_t stream) {
  Values routes;
  for (const Route& route : explanation.routes[stream]) {
    Values names;
    for (const size_t query : route.queries)
      names.push_back(Text(explanation.plan.queries[query].name));
    routes.push_back(Object(
        {{"key", Key(explanation.plan.streams[stream], route.key)}, {"queries", List(names)}}));
  }
  return List(routes);
}

std::string Stream(const Explanation& explanation, size_t index) {
  const StreamPlan& stream = explanation.plan.streams[index];
  Values fields, derived;
  for (const FieldPlan& field : stream.fields) {
    fields.push_back(Object({{"name", Text(field.name)}, {"type", Text(TypeName(field.type))}}));
  }
  for (const DerivedPlan& field : stream.derived) {
    derived.push_back(Object({{"name", Text(field.name)},
                              {"type", Text(TypeName(field.type))},
                              {"expr", Text(field.expr.text)}}));
  }
  return Object({{"name", Text(stream.name)},
                 {"format", FormatOf(stream)},
                 {"time", Text(stream.column_name(stream.time_column))},
                 {"time_format", Text(TimeFormatInWords(stream.time_format))},
                 {"max_out_of_orderness", Span(stream.max_out_of_orderness)},
                 {"valid_from", Instant(stream.valid_from)},
                 {"valid_until", Instant(stream.valid_until)},
                 {"max_ahead", stream.max_ahead ? Span(*stream.max_ahead) : "null"},
                 {"fields", List(fields)},
                 {"derived", List(derived)},
                 {"routes", Routes(explanation, index)}});
}

std::string_view TypeOf(const QueryPlan& query) {
  if (std::holds_alternative<TopKPlan>(query.kind)) return "top_k";
  return std::holds_alternative<VelocityPlan>(query.kind) ? "velocity" : "aggregate";
}

std::string_view ToldName(QueryExplanation::Told told) {
  switch (told) {
    case QueryExplanation::Told::kWindowEnd:
      return "window_end";
    case QueryExplanation::Told::kArrival:
      return "arrival";
    case QueryExplanation::Told::kEveryEvent:
      return "every_event";
    case QueryExplanation::Told::kEnd:
      break;
  }
  return "end_of_input";
}

std::string Window(const QueryPlan& query, const QueryExplanation& explained) {
  if (!explained.panes) return kNull;
  const WindowPlan& window = *query.window();
  const bool zoned = window.kind == WindowPlan::Kind::kZonedDay;
  return Object({{"size", Span(window.size)},
                 {"slide", Span(window.slide)},
                 {"origin", zoned ? kNull : Instant(window.origin)},
                 {"time_zone", zoned ? Text(window.time_zone) : kNull},
                 {"panes", Number(explained.panes->per_window)},
                 {"panes_kept", Number(explained.panes->kept)}});
}

std::string LateUpdates(const QueryPlan& query) {
  if (query.window() == nullptr) return kNull;
  return Text(query.late_updates == QueryPlan::LateUpdates::kEach ? "each" : "slide");
}

std::string State(const StateEstimate& state) {
  return fmt::format(
      R"({{"keys":{},"events_per_key":{},"text_bytes":{},"least_bytes":{},"most_bytes":{}}})",
      state.keys, state.events_per_key, StateProbe::kTextBytes, state.least_bytes,
      state.most_bytes);
}

std::string Query(const Explanation& explanation, size_t index) {
  const QueryPlan& query = explanation.plan.queries[index];
  const StreamPlan& stream = explanation.plan.streams[query.stream];
  const QueryExplanation& explained = explanation.queries[index];
  return Object({{"name", Text(query.name)},
                 {"stream", Text(stream.name)},
                 {"type", Text(TypeOf(query))},
                 {"says", Text(QueryInWords(stream, query))},
                 {"key", Key(stream, query.key)},
                 {"where", query.where ? Text(query.where->text) : kNull},
                 {"window", Window(query, explained)},
                 {"told", Text(ToldName(explained.told))},
                 {"late_after", Span(explained.late_after)},
                 {"events_kept", Span(explained.events_kept)},
                 {"late_updates", LateUpdates(query)},
                 {"merged", Flag(explained.merged)},
                 {"state", State(explained.state)}});
}

}  // namespace

std::string ExplanationAsJson(const Explanation& explanation) {
  Values streams, queries;
  for (size_t i = 0; i < explanation.plan.streams.size(); ++i) {
    streams.push_back(Stream(explanation, i));
  }
  for (size_t i = 0; i < explanation.plan.queries.size(); ++i) {
    queries.push_back(Query(explanation, i));
  }
  return Object({{"pipeline", Text(explanation.plan.name)},
                 {"streams", List(streams)},
                 {"queries", List(queries)}}) +
         "\n";
}

}  // namespace onrush
