#include "tests/support/plan_text.h"

#include "core/json_text.h"
#include "core/time.h"

namespace onrush {
namespace {

std::string Quoted(const std::string& text) {
  std::string out;
  AppendJsonString(text, out);  // TOML has the same escapes
  return out;
}

std::string Setting(const std::string& name, const std::string& value) {
  return name + " = " + value + "\n";
}

std::string List(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return "[" + text + "]";
}

std::string DurationText(Duration span) { return Quoted(FormatDuration(span)); }

std::string StreamText(const StreamPlan& stream) {
  const std::string table = "stream." + Quoted(stream.name);
  std::string text = "[" + table + "]\n";
  if (stream.format) {
    text += Setting("format", Quoted(std::string(FormatName(*stream.format))));
  }
  text += Setting("time", Quoted(stream.fields[stream.time_column].name));
  text += Setting("time_format", Quoted(std::string(TimeFormatName(stream.time_format))));
  if (stream.time_format.kind == TimeFormat::Kind::kPattern) {
    text += Setting("time_zone", Quoted(stream.time_format.time_zone));
  }
  text += Setting("max_out_of_orderness", DurationText(stream.max_out_of_orderness));
  if (stream.valid_from) {
    text += Setting("valid_from", Quoted(FormatInstant(stream.valid_from->ns)));
  }
  if (stream.valid_until) {
    text += Setting("valid_until", Quoted(FormatInstant(stream.valid_until->ns)));
  }
  if (stream.format == Format::kCsv) {
    text += Setting("delimiter", Quoted(std::string(1, stream.delimiter)));
    text += Setting("header", stream.header ? "true" : "false");
  }
  text += "\n[" + table + ".fields]\n";
  for (const FieldPlan& field : stream.fields) {
    text += Setting(Quoted(field.name), Quoted(TypeName(field.type)));
  }
  if (!stream.derived.empty()) text += "\n[" + table + ".derive]\n";
  for (const DerivedPlan& derived : stream.derived) {
    text += Setting(Quoted(derived.name), "{ type = " + Quoted(TypeName(derived.type)) +
                                              ", expr = " + Quoted(derived.expr.text) + " }");
  }
  return text;
}

std::string WindowText(const WindowPlan& window) {
  std::string text = "{ size = " + DurationText(window.size);
  if (window.kind == WindowPlan::Kind::kZonedDay) {
    return text + ", time_zone = " + Quoted(window.time_zone) + " }";
  }
  if (window.slide != window.size) text += ", slide = " + DurationText(window.slide);
  if (window.origin.ns != 0) text += ", origin = " + Quoted(FormatInstant(window.origin.ns));
  return text + " }";
}

std::string MeasureText(const MeasurePlan& measure, const StreamPlan& stream) {
  static constexpr const char* kNames[] = {"count", "sum",      "min",   "max",
                                           "avg",   "distinct", "first", "last"};
  const std::string name = kNames[static_cast<size_t>(measure.kind)];
  if (measure.kind == MeasurePlan::Kind::kCount) return name;
  return name + '(' + stream.column_name(measure.column) + ')';
}

std::string KindText(const TopKPlan& top_k, const StreamPlan& stream) {
  return Setting("type", "\"top_k\"") + Setting("window", WindowText(top_k.window)) +
         Setting("k", std::to_string(top_k.k)) +
         Setting("by", Quoted(MeasureText(top_k.by, stream)));
}

std::string KindText(const VelocityPlan& velocity, const StreamPlan& stream) {
  std::string text = Setting("type", "\"velocity\"");
  text += Setting("within", DurationText(velocity.within));
  if (velocity.count_over) text += Setting("count_over", std::to_string(*velocity.count_over));
  if (velocity.distinct) {
    text += Setting("distinct_at_least",
                    "{ field = " + Quoted(stream.column_name(velocity.distinct->column)) +
                        ", n = " + std::to_string(velocity.distinct->at_least) + " }");
  }
  if (velocity.sum) {
    text += Setting("sum_over", "{ field = " + Quoted(stream.column_name(velocity.sum->column)) +
                                    ", amount = " + velocity.sum->text + " }");
  }
  if (velocity.cooldown) text += Setting("cooldown", DurationText(*velocity.cooldown));
  return text;
}

std::string KindText(const AggregatePlan& aggregate, const StreamPlan& stream) {
  std::string text = Setting("type", "\"aggregate\"");
  if (aggregate.window) text += Setting("window", WindowText(*aggregate.window));
  if (aggregate.emit == AggregatePlan::Emit::kFinal) text += Setting("emit", "\"final\"");
  std::vector<std::string> items;
  for (const MeasurePlan& measure : aggregate.compute) {
    items.push_back(Quoted(MeasureText(measure, stream) + " as " + measure.name));
  }
  return text + Setting("compute", List(items));
}

std::string QueryText(const QueryPlan& query, const StreamPlan& stream) {
  std::string text = "\n[[query]]\n" + Setting("name", Quoted(query.name));
  std::vector<std::string> key;
  for (const size_t column : query.key) key.push_back(Quoted(stream.column_name(column)));
  if (!key.empty()) text += Setting("key", List(key));
  if (query.where) text += Setting("where", Quoted(query.where->text));
  const bool velocity = std::holds_alternative<VelocityPlan>(query.kind);
  if (velocity || query.window() != nullptr) {  // for others nothing is late
    text += Setting("allowed_lateness", DurationText(query.allowed_lateness));
  }
  if (query.late_updates == QueryPlan::LateUpdates::kEach) {
    text += Setting("late_updates", "\"each\"");
  }
  return text + std::visit([&](const auto& kind) { return KindText(kind, stream); }, query.kind);
}

}  // namespace

std::string PlanText(const Plan& plan) {
  std::string text = Setting("name", Quoted(plan.name)) + "\n" + StreamText(plan.streams[0]);
  for (const QueryPlan& query : plan.queries) text += QueryText(query, plan.streams[0]);
  return text;
}

}  // namespace onrush
