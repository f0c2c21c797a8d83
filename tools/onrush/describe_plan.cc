#include "tools/onrush/describe_plan.h"

#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace onrush {
namespace {

std::string Counted(size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string FormatInWords(const StreamPlan& stream) {
  if (!stream.format) return "format by the file's name";
  switch (*stream.format) {
    case Format::kCsv:
      return "CSV";
    case Format::kJsonLines:
      return "JSON Lines";
    case Format::kCommonLog:
      return "Common Log Format";
    case Format::kCombinedLog:
      return "Combined Log Format";
    case Format::kLate:
      return "late or bad output of an earlier run";
    case Format::kOrb:
      return "blocks of columns (.orb)";
    case Format::kArrivals:
      return "as it arrived";
  }
  return "";
}

std::string WindowText(const WindowPlan& window) {
  if (window.kind == WindowPlan::Kind::kZonedDay) {
    return fmt::format("days of {}", window.time_zone);
  }
  if (window.size == window.slide) return fmt::format("windows of {}", FormatDuration(window.size));
  return fmt::format("windows of {} every {}", FormatDuration(window.size),
                     FormatDuration(window.slide));
}

std::string DescribeTopK(const StreamPlan& stream, const QueryPlan& query, const TopKPlan& top_k) {
  return fmt::format("the {} largest {} by {}, {}", top_k.k,
                     KeyInWords(stream, query.key, "stream"), top_k.by.name,
                     WindowText(top_k.window));
}

std::string DescribeVelocity(const StreamPlan& stream, const QueryPlan& query,
                             const VelocityPlan& velocity) {
  std::vector<std::string> conditions;
  if (velocity.count_over) {
    conditions.push_back(fmt::format("more than {} events", *velocity.count_over));
  }
  if (velocity.distinct) {
    conditions.push_back(fmt::format("at least {} different {}", velocity.distinct->at_least,
                                     stream.column_name(velocity.distinct->column)));
  }
  if (velocity.sum) {
    conditions.push_back(fmt::format("a sum of {} above {}",
                                     stream.column_name(velocity.sum->column), velocity.sum->text));
  }
  std::string text = fmt::format("flags an event if its {} had {} in the {} up to it",
                                 KeyInWords(stream, query.key, "stream"),
                                 fmt::join(conditions, " and "), FormatDuration(velocity.within));
  if (velocity.cooldown) {
    text += fmt::format(", then is silent for {}", FormatDuration(*velocity.cooldown));
  }
  return text;
}

std::string DescribeAggregate(const StreamPlan& stream, const QueryPlan& query,
                              const AggregatePlan& aggregate) {
  std::vector<std::string_view> names;
  for (const MeasurePlan& measure : aggregate.compute) names.push_back(measure.name);
  std::string_view running = aggregate.emit == AggregatePlan::Emit::kFinal
                                 ? "over all time, told at the end"
                                 : "over all time, told at every event";
  return fmt::format("{} per {}, {}", fmt::join(names, ", "),
                     KeyInWords(stream, query.key, "stream"),
                     aggregate.window ? WindowText(*aggregate.window) : running);
}

}  // namespace

std::string QueryInWords(const StreamPlan& stream, const QueryPlan& query) {
  if (const auto* top_k = std::get_if<TopKPlan>(&query.kind)) {
    return DescribeTopK(stream, query, *top_k);
  }
  if (const auto* velocity = std::get_if<VelocityPlan>(&query.kind)) {
    return DescribeVelocity(stream, query, *velocity);
  }
  return DescribeAggregate(stream, query, std::get<AggregatePlan>(query.kind));
}

std::string LatenessInWords(const StreamPlan& stream, const QueryPlan& query) {
  const std::string bound = FormatDuration(stream.max_out_of_orderness);
  const std::string limit =
      FormatDuration({SaturatingAdd({stream.max_out_of_orderness.ns}, query.allowed_lateness).ns});
  if (query.window() != nullptr) {
    return fmt::format(
        "a window is told when an event {} past its end has come, and is closed for late events "
        "when one {} past its end has come",
        bound, limit);
  }
  if (std::holds_alternative<VelocityPlan>(query.kind)) {
    return fmt::format("judged on arrival; late is what is more than {} behind the newest event",
                       limit);
  }
  return "nothing is late";
}

std::string KeyInWords(const StreamPlan& stream, const std::vector<size_t>& key,
                       std::string_view none) {
  std::vector<std::string_view> names;
  for (const size_t column : key) names.push_back(stream.column_name(column));
  return names.empty() ? std::string(none) : fmt::format("{}", fmt::join(names, ", "));
}

std::string TimeFormatInWords(const TimeFormat& format) {
  if (format.kind != TimeFormat::Kind::kPattern) return std::string(TimeFormatName(format));
  return fmt::format("'{}' in {}", format.pattern, format.time_zone);
}

std::string DescribeStream(const StreamPlan& stream) {
  std::string text = fmt::format("stream {}: {}, {}", stream.name, FormatInWords(stream),
                                 Counted(stream.fields.size(), "field", "fields"));
  if (!stream.derived.empty()) text += fmt::format(" and {} derived", stream.derived.size());
  text += fmt::format(
      "\n  event time is {}; events may be {} behind the newest one before they count as late\n",
      stream.fields[stream.time_column].name, FormatDuration(stream.max_out_of_orderness));
  if (stream.valid_from || stream.valid_until) {
    text += fmt::format("  an event is bad unless its time lies in [{}, {})\n",
                        stream.valid_from ? FormatInstant(stream.valid_from->ns) : "…",
                        stream.valid_until ? FormatInstant(stream.valid_until->ns) : "…");
  }
  if (stream.max_ahead) {
    text += fmt::format("  an event is bad if its time is more than {} after its arrival\n",
                        FormatDuration(*stream.max_ahead));
  }
  return text;
}

std::string DescribeQuery(const StreamPlan& stream, const QueryPlan& query) {
  return fmt::format("query {}: {}\n  {}\n", query.name, QueryInWords(stream, query),
                     LatenessInWords(stream, query));
}

std::string DescribePlan(const Plan& plan) {
  std::string text;
  for (const StreamPlan& stream : plan.streams) text += DescribeStream(stream);
  for (const QueryPlan& query : plan.queries) {
    text += DescribeQuery(plan.streams[query.stream], query);
  }
  return text;
}

}  // namespace onrush
