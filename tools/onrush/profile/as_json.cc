#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "tools/onrush/json_values.h"
#include "tools/onrush/profile/renderers.h"

namespace onrush {
namespace {

using json::List;
using json::Members;
using json::Object;
using json::Text;
using json::Values;

std::string Number(uint64_t number) { return std::to_string(number); }

// Null where there is nothing to divide by.
std::string Ratio(double number, double by, int digits = 3) {
  return by > 0 ? fmt::format("{:.{}f}", number / by, digits) : "null";
}

// `members`, then how long it took each time.
Members WithDurations(Members members, const Durations& durations) {
  members.insert(members.end(),
                 {{"times", Number(durations.count)}, {"ns", Number(durations.sum)}});
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const NamedShare& one : kPercentiles) names.push_back(fmt::format("{}_ns", one.name));
    return names;
  }();
  for (size_t i = 0; i < kNames.size(); ++i) {
    members.emplace_back(kNames[i], Number(durations.percentiles[i]));
  }
  members.emplace_back("max_ns", Number(durations.max));
  return members;
}

std::string StageAsJson(const StageProfile& stage, const Profile& profile, uint64_t wall_ns) {
  const auto ns = static_cast<double>(stage.own.sum);
  const bool in_thread = stage.stage != Stage::kRingWait;
  Members members = {
      {"stage", Text(StageName(stage.stage))},
      {"query", stage.query.empty() ? "null" : Text(stage.query)},
      {"events", Number(stage.events)},
      {"bytes", Number(stage.bytes)},
      {"ns_per_event", in_thread ? Ratio(ns, static_cast<double>(profile.events)) : "null"},
      {"share", in_thread ? Ratio(ns, static_cast<double>(wall_ns), 6) : "null"},
      {"events_per_s", Ratio(static_cast<double>(stage.events) * 1e9, ns, 0)},
      {"bytes_per_s", Ratio(static_cast<double>(stage.bytes) * 1e9, ns, 0)},
      {"allocations", profile.allocations_counted ? Number(stage.allocations) : "null"},
      {"steady_allocations",
       profile.allocations_counted ? Number(stage.steady_allocations) : "null"}};
  return Object(WithDurations(std::move(members), stage.own));
}

std::string ThreadAsJson(const ThreadProfile& thread, const Profile& profile) {
  Values stages;
  for (const StageProfile& stage : thread.stages) {
    stages.push_back(StageAsJson(stage, profile, thread.wall_ns));
  }
  return Object({{"name", Text(thread.name)},
                 {"wall_ns", Number(thread.wall_ns)},
                 {"cpu_ns", Number(thread.cpu_ns)},
                 {"switches_by_itself", Number(thread.switches_by_itself)},
                 {"switches_by_others", Number(thread.switches_by_others)},
                 {"stalls", Object(WithDurations({}, thread.stalls))},
                 {"stages", List(stages)}});
}

std::string PartAsJson(const RunPart& part) {
  return Object(
      {{"events", Number(part.events)},
       {"minor_faults", Number(part.faults.minor)},
       {"major_faults", Number(part.faults.major)},
       {"minor_faults_per_million_events",
        Ratio(static_cast<double>(part.faults.minor) * 1e6, static_cast<double>(part.events), 1)}});
}

std::string HostAsJson(const HostStalls& host) {
  return Object(WithDurations({{"watched_ns", Number(host.watched_ns)}}, host.stalls));
}

std::string StateAsJson(const StateProfile& state) {
  return Object({{"query", Text(state.query)},
                 {"shard", Number(state.shard)},
                 {"keys", Number(state.keys)},
                 {"bytes", Number(state.bytes)},
                 {"bytes_per_key",
                  Ratio(static_cast<double>(state.bytes), static_cast<double>(state.keys), 1)}});
}

std::string OverheadAsJson(const Overhead& overhead, uint64_t wall_ns) {
  return Object({{"calls", Number(overhead.calls)},
                 {"ns_per_call", fmt::format("{:.1f}", overhead.ns_per_call)},
                 {"stall_checks", Number(overhead.stall_checks)},
                 {"ns_per_stall_check", fmt::format("{:.1f}", overhead.ns_per_stall_check)},
                 {"ns", fmt::format("{:.0f}", overhead.ns())},
                 {"share", Ratio(overhead.ns(), static_cast<double>(wall_ns), 6)}});
}

std::string TraceAsJson(const std::optional<TraceProfile>& trace) {
  if (!trace) return "null";
  return Object(
      {{"spans", Number(trace->spans)}, {"spans_left_out", Number(trace->spans_left_out)}});
}

}  // namespace

std::string ProfileAsJson(const Profile& profile) {
  Values threads, states;
  for (const ThreadProfile& thread : profile.threads) {
    threads.push_back(ThreadAsJson(thread, profile));
  }
  for (const StateProfile& state : profile.states) states.push_back(StateAsJson(state));
  return Object({{"pipeline", Text(profile.pipeline)},
                 {"events", Number(profile.events)},
                 {"elapsed_s", fmt::format("{:.6f}", profile.elapsed_s)},
                 {"events_per_s", Ratio(static_cast<double>(profile.events), profile.elapsed_s, 0)},
                 {"lines", Number(profile.lines)},
                 {"digest", fmt::format("\"xxh3:{:016x}\"", profile.digest)},
                 {"threads", List(threads)},
                 {"all_threads", ThreadAsJson(profile.all_threads, profile)},
                 {"host_stalls", HostAsJson(profile.host)},
                 {"states", List(states)},
                 {"warm_up", PartAsJson(profile.warm_up)},
                 {"steady", PartAsJson(profile.steady)},
                 {"input_over", PartAsJson(profile.input_over)},
                 {"overhead", OverheadAsJson(profile.overhead, profile.all_threads.wall_ns)},
                 {"trace", TraceAsJson(profile.trace)}}) +
         "\n";
}

}  // namespace onrush
