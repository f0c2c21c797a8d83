#include <string>
#include <string_view>
#include <vector>

#include "core/spread.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/engine/message_text.h"
#include "tools/engine/state_probe.h"
#include "tools/onrush/describe_plan.h"
#include "tools/onrush/explain/renderers.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

std::string BytesText(uint64_t bytes) {
  const auto number = static_cast<double>(bytes);
  if (number >= 1e12) return fmt::format("{:.1f} TB", number / 1e12);
  if (number >= 1e9) return fmt::format("{:.1f} GB", number / 1e9);
  if (number >= 1e6) return fmt::format("{:.1f} MB", number / 1e6);
  return fmt::format("{:.1f} kB", number / 1e3);
}

std::string ColumnsText(const StreamPlan& stream) {
  std::vector<std::string> fields;
  for (const FieldPlan& field : stream.fields) {
    fields.push_back(fmt::format("{} {}", field.name, TypeName(field.type)));
  }
  std::string text = fmt::format("  decoded: {}\n", fmt::join(fields, ", "));
  for (const DerivedPlan& derived : stream.derived) {
    text += fmt::format("  derived: {} {} = {}\n", derived.name, TypeName(derived.type),
                        OnOneLine(derived.expr.text));
  }
  return text;
}

std::string RouteText(const Plan& plan, const StreamPlan& stream, const Route& route) {
  std::vector<std::string_view> whole, spread;
  for (const size_t query : route.queries) {
    (IsSpread(stream, plan.queries[query]) ? spread : whole).push_back(plan.queries[query].name);
  }
  std::string text;
  if (!whole.empty()) {
    const std::string key = route.key.empty()
                                ? "no key: one shard has all events"
                                : fmt::format("key {}: hashed once, each key has its shard",
                                              KeyInWords(stream, route.key, ""));
    text += fmt::format("  {}, for {}\n", key, fmt::join(whole, ", "));
  }
  if (!spread.empty()) {
    text += fmt::format("  no key: each shard counts a run of the events, for {}\n",
                        fmt::join(spread, ", "));
  }
  return text;
}

std::string StreamText(const Explanation& explanation, size_t index) {
  const StreamPlan& stream = explanation.plan.streams[index];
  std::string text = DescribeStream(stream);
  text += fmt::format("  times are written as {}\n", TimeFormatInWords(stream.time_format));
  text += ColumnsText(stream);
  for (const Route& route : explanation.routes[index]) {
    text += RouteText(explanation.plan, stream, route);
  }
  return text;
}

std::string WindowText(const QueryPlan& query, const QueryExplanation& explained) {
  const WindowPlan& window = *query.window();
  const bool zoned = window.kind == WindowPlan::Kind::kZonedDay;
  std::string text = "  an event is late when all of its windows are closed";
  if (explained.panes->per_window > 1) text += ", partly late when some are";
  text += "\n  a window that late events changed is told again ";
  if (query.late_updates == QueryPlan::LateUpdates::kEach) {
    text += "at each of them\n";
  } else {
    text += fmt::format("at the next {}, or when it closes\n",
                        zoned ? "midnight" : "multiple of " + FormatDuration(window.slide));
  }
  return text + fmt::format(
                    "  panes of {}: {} in a window, at most {} kept ({} that lateness keeps open, "
                    "one being filled)\n",
                    zoned ? "a day" : FormatDuration(window.slide), explained.panes->per_window,
                    explained.panes->kept, explained.panes->kept - explained.panes->per_window - 1);
}

std::string StateText(const QueryExplanation& explained) {
  const StateEstimate& state = explained.state;
  std::string text = fmt::format("  state of {} {}: about {}", WithThousands(state.keys),
                                 state.keys == 1 ? "key" : "keys", BytesText(state.least_bytes));
  if (explained.panes) {
    text += fmt::format(" if each has one event, {} if each has one in all {} panes",
                        BytesText(state.most_bytes), state.events_per_key);
  } else if (explained.events_kept) {
    text += " if each has one event";
    if (state.events_per_key > 1) {
      text += fmt::format(", {} if each has the {} that flag it", BytesText(state.most_bytes),
                          state.events_per_key);
    }
  }
  return text + "\n";
}

std::string QueryText(const Explanation& explanation, size_t index) {
  const QueryPlan& query = explanation.plan.queries[index];
  const QueryExplanation& explained = explanation.queries[index];
  std::string text = DescribeQuery(explanation.plan.streams[query.stream], query);
  if (query.where) text += fmt::format("  only events with {}\n", OnOneLine(query.where->text));
  if (explained.panes) text += WindowText(query, explained);
  if (explained.events_kept) {
    text += fmt::format("  an event is kept until the newest one is {} newer\n",
                        FormatDuration(*explained.events_kept));
  }
  text += explained.merged ? "  the shards' results are merged into one\n"
                           : "  each shard tells the results of its own keys\n";
  return text + StateText(explained);
}

std::string TotalText(const Explanation& explanation) {
  uint64_t least = 0, most = 0;
  for (const QueryExplanation& query : explanation.queries) {
    least += query.state.least_bytes;
    most += query.state.most_bytes;
  }
  return fmt::format(
      "state of all queries: about {} to {}, for texts of {} bytes and values that all differ\n",
      BytesText(least), BytesText(most), StateProbe::kTextBytes);
}

}  // namespace

std::string ExplanationAsText(const Explanation& explanation) {
  std::string text = fmt::format("pipeline {}\n\n", explanation.plan.name);
  for (size_t i = 0; i < explanation.plan.streams.size(); ++i) {
    text += StreamText(explanation, i) + "\n";
  }
  for (size_t i = 0; i < explanation.queries.size(); ++i) text += QueryText(explanation, i) + "\n";
  return text + TotalText(explanation);
}

}  // namespace onrush
