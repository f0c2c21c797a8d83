#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "operators/sinks/text_table.h"
#include "tools/onrush/profile/renderers.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

constexpr const char* kNone = "–";

// "1.2 M"; `unit` follows: "1.2 GB/s".
std::string Short(double number, std::string_view unit = "") {
  constexpr std::pair<double, std::string_view> kScales[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
  for (const auto& [scale, prefix] : kScales) {
    if (number >= scale) return fmt::format("{:.1f} {}{}", number / scale, prefix, unit);
  }
  return fmt::format("{:.0f}{}{}", number, unit.empty() ? "" : " ", unit);
}

// "3.4 µs".
std::string Time(uint64_t ns) {
  constexpr std::pair<double, std::string_view> kScales[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}};
  const auto number = static_cast<double>(ns);
  for (const auto& [scale, unit] : kScales) {
    if (number >= scale) return fmt::format("{:.1f} {}", number / scale, unit);
  }
  return fmt::format("{} ns", ns);
}

std::string Percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.1f} %", 100 * part / whole) : kNone;
}

double Fraction(double number, uint64_t by) {
  return by > 0 ? number / static_cast<double>(by) : 0;
}

std::string PerSecond(uint64_t number, uint64_t ns, std::string_view unit = "") {
  if (number == 0 || ns == 0) return kNone;
  return Short(static_cast<double>(number) * 1e9 / static_cast<double>(ns), unit);
}

void AppendDurations(const Durations& durations, std::vector<std::string>& cells) {
  cells.push_back(WithThousands(durations.count));
  for (const uint64_t ns : durations.percentiles) cells.push_back(Time(ns));
  cells.push_back(Time(durations.max));
}

std::vector<std::string> StageRow(const StageProfile& stage, const Profile& profile,
                                  uint64_t wall_ns) {
  std::string name = StageName(stage.stage);
  if (!stage.query.empty()) name += " " + stage.query;
  const auto ns = static_cast<double>(stage.own.sum);
  const bool in_thread = stage.stage != Stage::kRingWait;
  std::vector<std::string> cells = {
      name, in_thread ? fmt::format("{:.2f}", Fraction(ns, profile.events)) : kNone,
      in_thread ? Percent(ns, static_cast<double>(wall_ns)) : kNone,
      PerSecond(stage.events, stage.own.sum), PerSecond(stage.bytes, stage.own.sum, "B")};
  AppendDurations(stage.own, cells);
  cells.push_back(profile.allocations_counted ? WithThousands(stage.allocations) : kNone);
  cells.push_back(profile.allocations_counted ? WithThousands(stage.steady_allocations) : kNone);
  return cells;
}

std::vector<std::string> StallRow(const ThreadProfile& thread, const Profile& profile) {
  const auto ns = static_cast<double>(thread.stalls.sum);
  std::vector<std::string> cells = {"(stalled)",
                                    fmt::format("{:.2f}", Fraction(ns, profile.events)),
                                    Percent(ns, static_cast<double>(thread.wall_ns)), kNone, kNone};
  AppendDurations(thread.stalls, cells);
  cells.insert(cells.end(), {kNone, kNone});
  return cells;
}

std::string ThreadAsText(const ThreadProfile& thread, const Profile& profile) {
  std::vector<TextTable::Heading> headings = {{"stage"},         {"ns/event", true},
                                              {"share", true},   {"events/s", true},
                                              {"bytes/s", true}, {"times", true}};
  for (const NamedShare& one : kPercentiles) headings.push_back({std::string(one.name), true});
  headings.insert(headings.end(), {{"max", true}, {"allocated", true}, {"steady", true}});
  TextTable table(std::move(headings));
  for (const StageProfile& stage : thread.stages) {
    table.AddRow(StageRow(stage, profile, thread.wall_ns));
  }
  if (thread.stalls.count > 0) table.AddRow(StallRow(thread, profile));
  std::string text = fmt::format("{}: {}, of which {} on a processor; stopped {} times by others\n",
                                 thread.name, Time(thread.wall_ns), Time(thread.cpu_ns),
                                 WithThousands(thread.switches_by_others));
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  return text + "\n";
}

std::string StatesAsText(const std::vector<StateProfile>& states) {
  TextTable table(
      {{"state of"}, {"shard", true}, {"keys", true}, {"bytes", true}, {"bytes/key", true}});
  for (const StateProfile& state : states) {
    table.AddRow({state.query, std::to_string(state.shard), WithThousands(state.keys),
                  Short(static_cast<double>(state.bytes), "B"),
                  state.keys == 0 ? kNone
                                  : fmt::format("{:.0f}", Fraction(static_cast<double>(state.bytes),
                                                                   state.keys))});
  }
  std::string text;
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  return text + "\n";
}

std::string PartsAsText(const Profile& profile) {
  TextTable table({{"page faults"},
                   {"events", true},
                   {"minor", true},
                   {"major", true},
                   {"minor per million events", true}});
  const std::pair<std::string, const RunPart*> parts[] = {{"warm-up", &profile.warm_up},
                                                          {"steady", &profile.steady},
                                                          {"input over", &profile.input_over}};
  for (const auto& [name, part] : parts) {
    table.AddRow(
        {name, WithThousands(part->events), WithThousands(part->faults.minor),
         WithThousands(part->faults.major),
         part->events == 0
             ? kNone
             : fmt::format("{:.0f}",
                           Fraction(1e6 * static_cast<double>(part->faults.minor), part->events))});
  }
  std::string text;
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  return text + "\n";
}

std::string HostAsText(const HostStalls& host) {
  const std::string watched = Time(host.watched_ns);
  if (host.stalls.count == 0) return fmt::format("host: no stall in {}\n", watched);
  return fmt::format(
      "host: {} stalls in {} before the run, {} of the time: half of them up to {}, the longest "
      "{}. "
      "The guest does not see them: they are in the figures above\n",
      WithThousands(host.stalls.count), watched,
      Percent(static_cast<double>(host.stalls.sum), static_cast<double>(host.watched_ns)),
      Time(host.stalls.median()), Time(host.stalls.max));
}

std::string OverheadAsText(const Profile& profile) {
  const Overhead& overhead = profile.overhead;
  return fmt::format(
      "measuring: {} looks at the clock of {:.0f} ns and {} for stalls of {:.0f} ns: {} of the "
      "time\n",
      WithThousands(overhead.calls), overhead.ns_per_call, WithThousands(overhead.stall_checks),
      overhead.ns_per_stall_check,
      Percent(overhead.ns(), static_cast<double>(profile.all_threads.wall_ns)));
}

std::string TraceAsText(const TraceProfile& trace) {
  std::string text = fmt::format("trace: {} spans", WithThousands(trace.spans));
  if (trace.spans_left_out > 0) {
    text += fmt::format("; {} later ones were left out", WithThousands(trace.spans_left_out));
  }
  return text + "\n";
}

}  // namespace

std::string ProfileAsText(const Profile& profile) {
  std::string text =
      fmt::format("{}: {} events in {:.3f} s ({} events/s), {} lines, xxh3:{:016x}\n\n",
                  profile.pipeline, WithThousands(profile.events), profile.elapsed_s,
                  PerSecond(profile.events, static_cast<uint64_t>(profile.elapsed_s * 1e9)),
                  WithThousands(profile.lines), profile.digest);
  if (profile.threads.size() > 1) text += ThreadAsText(profile.all_threads, profile);
  for (const ThreadProfile& thread : profile.threads) text += ThreadAsText(thread, profile);
  text += StatesAsText(profile.states) + PartsAsText(profile) + HostAsText(profile.host) +
          OverheadAsText(profile);
  if (profile.trace) text += TraceAsText(*profile.trace);
  return text;
}

}  // namespace onrush
