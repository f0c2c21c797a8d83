#include <algorithm>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "tools/engine/message_text.h"
#include "tools/onrush/describe_plan.h"
#include "tools/onrush/explain/renderers.h"

namespace onrush {
namespace {

// In double quotes. A line feed becomes \n, which begins a line; what else a name may hold is taken
// literally.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

class Graph {
 public:
  explicit Graph(std::string_view name) : text_(fmt::format("digraph {} {{\n", Quoted(name))) {
    text_ += "  rankdir=LR;\n";
  }

  void AddNode(std::string_view id, std::string_view label, std::string_view shape = "box") {
    text_ += fmt::format("  {} [label={}, shape={}];\n", id, Quoted(label), shape);
  }
  void AddEdge(std::string_view from, std::string_view to, std::string_view label = "") {
    text_ += fmt::format("  {} -> {}", from, to);
    if (!label.empty()) text_ += fmt::format(" [label={}]", Quoted(label));
    text_ += ";\n";
  }
  std::string Finish() && { return std::move(text_) + "}\n"; }

 private:
  std::string text_;
};

std::string DecodeLabel(const StreamPlan& stream) {
  std::string label = "decode";
  for (const FieldPlan& field : stream.fields) {
    label += fmt::format("\n{} {}", field.name, TypeName(field.type));
  }
  for (const DerivedPlan& derived : stream.derived) {
    label += fmt::format("\n{} {} = {}", derived.name, TypeName(derived.type),
                         OnOneLine(derived.expr.text));
  }
  return label;
}

std::string WatermarkLabel(const StreamPlan& stream) {
  return fmt::format("watermark\n{} behind the newest {}",
                     FormatDuration(stream.max_out_of_orderness),
                     stream.column_name(stream.time_column));
}

void AddRoute(const Explanation& explanation, size_t stream, size_t index, Graph& graph) {
  const Route& route = explanation.routes[stream][index];
  const std::string id = fmt::format("route_{}_{}", stream, index);
  const std::string key = KeyInWords(explanation.plan.streams[stream], route.key, "");
  graph.AddNode(id, key.empty() ? "one shard" : "shard by " + key, "diamond");
  graph.AddEdge(fmt::format("watermark_{}", stream), id);
  for (const size_t query : route.queries) {
    const auto& where = explanation.plan.queries[query].where;
    graph.AddEdge(id, fmt::format("query_{}", query), where ? OnOneLine(where->text) : "");
  }
}

void AddStream(const Explanation& explanation, size_t index, Graph& graph) {
  const StreamPlan& stream = explanation.plan.streams[index];
  const std::string source = fmt::format("stream_{}", index);
  const std::string decode = fmt::format("decode_{}", index);
  const std::string watermark = fmt::format("watermark_{}", index);
  graph.AddNode(source, stream.name, "ellipse");
  graph.AddNode(decode, DecodeLabel(stream));
  graph.AddNode(watermark, WatermarkLabel(stream));
  graph.AddEdge(source, decode);
  graph.AddEdge(decode, watermark);
  graph.AddEdge(decode, "bad");
  for (size_t route = 0; route < explanation.routes[index].size(); ++route) {
    AddRoute(explanation, index, route, graph);
  }
}

bool Rejects(const QueryPlan& query) {
  const auto* velocity = std::get_if<VelocityPlan>(&query.kind);
  return velocity != nullptr && velocity->sum;
}

void AddQuery(const Explanation& explanation, size_t index, Graph& graph) {
  const QueryPlan& query = explanation.plan.queries[index];
  const QueryExplanation& explained = explanation.queries[index];
  const std::string id = fmt::format("query_{}", index);
  std::string label =
      query.name + "\n" + QueryInWords(explanation.plan.streams[query.stream], query);
  if (explained.panes) label += fmt::format("\nat most {} panes", explained.panes->kept);
  graph.AddNode(id, label);
  graph.AddEdge(id, "results", explained.merged ? "merged" : "");
  if (explained.late_after) {
    graph.AddEdge(id, "late", "after " + FormatDuration(*explained.late_after));
  }
  if (Rejects(query)) graph.AddEdge(id, "bad", "below zero");
}

}  // namespace

std::string ExplanationAsDot(const Explanation& explanation) {
  Graph graph(explanation.plan.name);
  graph.AddNode("results", "results", "note");
  graph.AddNode("bad", "bad", "note");
  if (std::any_of(explanation.queries.begin(), explanation.queries.end(),
                  [](const QueryExplanation& query) { return query.late_after.has_value(); })) {
    graph.AddNode("late", "late", "note");
  }
  for (size_t i = 0; i < explanation.plan.streams.size(); ++i) AddStream(explanation, i, graph);
  for (size_t i = 0; i < explanation.plan.queries.size(); ++i) AddQuery(explanation, i, graph);
  return std::move(graph).Finish();
}

}  // namespace onrush
