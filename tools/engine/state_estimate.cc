#include "tools/engine/state_estimate.h"

#include <algorithm>
#include <limits>

#include "core/status_macros.h"
#include "core/window.h"
#include "tools/engine/panes_kept.h"
#include "tools/engine/state_probe.h"

namespace onrush {
namespace {

constexpr uint64_t kMaxKeysMeasured = 100'000;
constexpr int64_t kMaxEventsMeasured = 500'000;
constexpr int64_t kMaxEventsOfAKey = 1000;
constexpr int64_t kManyEvents = 1'000'000'000'000;  // of one key: more than memory can hold
constexpr double kMaxBytes = 1e18;                  // so that sums of estimates stay in 64 bits
constexpr Duration kDay{kNanosPerDay};

// Memory as a straight line over the events of a key: every pane and every entry costs alike.
struct Line {
  double first = 0;  // after one event of each key
  double each = 0;   // further one
  double At(int64_t events) const { return first + each * static_cast<double>(events - 1); }
};

uint64_t PossibleKeys(const Plan& plan, const QueryPlan& query) {
  uint64_t possible = 1;
  for (const size_t column : query.key) {
    if (plan.streams[query.stream].column_type(column).kind != TypeKind::kBool) {
      return std::numeric_limits<uint64_t>::max();
    }
    possible *= 2;
  }
  return possible;
}

// At most kMaxKeysMeasured, and a half, a quarter, … of `keys`.
size_t KeysToMeasure(uint64_t keys) {
  while (keys > kMaxKeysMeasured) keys /= 2;
  return keys;
}

// Up to `wanted`, as far as the limits allow, but enough for a line.
int64_t EventsToMeasure(size_t keys, int64_t wanted) {
  const int64_t allowed = kMaxEventsMeasured / static_cast<int64_t>(keys);
  return std::min(wanted, std::clamp(allowed, int64_t{2}, kMaxEventsOfAKey));
}

// `feed(i)` feeds the probe event number i of each key.
template <typename FeedFn>
Line MeasureLine(const StateProbe& probe, int64_t events, FeedFn feed) {
  feed(0);
  Line line;
  line.first = static_cast<double>(probe.memory_bytes());
  if (events == 1) return line;
  for (int64_t i = 1; i < events; ++i) feed(i);
  line.each =
      (static_cast<double>(probe.memory_bytes()) - line.first) / static_cast<double>(events - 1);
  return line;
}

class Estimator {
 public:
  Estimator(const Plan& plan, uint32_t query, uint64_t keys)
      : plan_(plan), index_(query), query_(plan.queries[query]) {
    estimate_.keys = std::min(keys, PossibleKeys(plan, query_));
    measured_keys_ = KeysToMeasure(estimate_.keys);
  }

  absl::StatusOr<StateEstimate> Run() {
    ONRUSH_RETURN_IF_ERROR(query_.window() != nullptr ? MeasureWindowed() : MeasureOther());
    return estimate_;
  }

 private:
  absl::Status MeasureOther() {
    if (const auto* velocity = std::get_if<VelocityPlan>(&query_.kind)) {
      estimate_.events_per_key = EventsThatFlag(*velocity);
    }
    ONRUSH_ASSIGN_OR_RETURN(StateProbe probe, StateProbe::Create(plan_, index_, measured_keys_));
    const Line line = MeasureLine(probe, EventsToMeasure(measured_keys_, estimate_.events_per_key),
                                  [&](int64_t) { probe.FeedEachKey({0}, kDay); });
    Scale(line.At(1), line.At(estimate_.events_per_key), probe);
    return absl::OkStatus();
  }

  // Held down by a count or a number of values; a sum can take any number of events.
  static int64_t EventsThatFlag(const VelocityPlan& velocity) {
    int64_t events = 1;
    if (velocity.count_over) events = std::min(*velocity.count_over, kManyEvents) + 1;
    if (velocity.distinct) events = std::max(events, velocity.distinct->at_least);
    return events;
  }

  absl::Status MeasureWindowed() {
    ONRUSH_ASSIGN_OR_RETURN(estimate_.events_per_key,
                            PanesKept(plan_.streams[query_.stream], query_));
    ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner, WindowAssigner::Create(*query_.window()));
    ONRUSH_ASSIGN_OR_RETURN(const Line fired, MeasureFiring(assigner.panes_per_window()));
    ONRUSH_ASSIGN_OR_RETURN(StateProbe probe,
                            StateProbe::Create(NothingCloses(), index_, measured_keys_));
    const int64_t first_pane = assigner.PaneOf(EventTime{0});
    const Line panes = MeasureLine(
        probe, EventsToMeasure(measured_keys_, estimate_.events_per_key), [&](int64_t i) {
          const WideTime begin = assigner.Boundary(first_pane + i);
          const WideTime end = assigner.Boundary(first_pane + i + 1);
          probe.FeedEachKey(ClampToEventTime(begin), {static_cast<int64_t>(end - begin)});
        });
    Scale(panes.At(1) + fired.At(1),
          panes.At(estimate_.events_per_key) + fired.At(assigner.panes_per_window()), probe);
    return absl::OkStatus();
  }

  // What firing takes beside the panes, for a key with a number of events in the window: the
  // window's totals. They know nothing of panes, so a window of one pane stands for all.
  absl::StatusOr<Line> MeasureFiring(int64_t events_wanted) {
    const int64_t events = EventsToMeasure(measured_keys_, events_wanted);
    ONRUSH_ASSIGN_OR_RETURN(const double one, MeasureFiringOf(1));
    if (events == 1) return Line{one, 0};
    ONRUSH_ASSIGN_OR_RETURN(const double all, MeasureFiringOf(events));
    return Line{one, (all - one) / static_cast<double>(events - 1)};
  }

  absl::StatusOr<double> MeasureFiringOf(int64_t events) {
    ONRUSH_ASSIGN_OR_RETURN(StateProbe probe,
                            StateProbe::Create(OneWindow(), index_, measured_keys_));
    for (int64_t i = 0; i < events; ++i) probe.FeedEachKey({0}, kDay);
    const size_t before = probe.memory_bytes();
    probe.Advance({kDay.ns});
    return static_cast<double>(probe.memory_bytes() - before);
  }

  // The plan with a lateness for which no pane is dropped while it is weighed.
  Plan NothingCloses() const {
    Plan plan = plan_;
    plan.queries[index_].allowed_lateness = {std::numeric_limits<int64_t>::max()};
    return plan;
  }

  Plan OneWindow() const {
    Plan plan = NothingCloses();
    QueryPlan& query = plan.queries[index_];
    WindowPlan day;
    day.size = day.slide = kDay;
    if (auto* top_k = std::get_if<TopKPlan>(&query.kind)) {
      top_k->window = day;
    } else {
      std::get<AggregatePlan>(query.kind).window = day;
    }
    return plan;
  }

  void Scale(double least, double most, const StateProbe& probe) {
    const double scale =
        static_cast<double>(estimate_.keys) / static_cast<double>(probe.key_count());
    estimate_.least_bytes = static_cast<uint64_t>(std::min(least * scale, kMaxBytes));
    estimate_.most_bytes =
        static_cast<uint64_t>(std::min(std::max(least, most) * scale, kMaxBytes));
  }

  const Plan& plan_;
  const uint32_t index_;
  const QueryPlan& query_;
  size_t measured_keys_ = 0;
  StateEstimate estimate_;
};

}  // namespace

absl::StatusOr<StateEstimate> EstimateState(const Plan& plan, uint32_t query, uint64_t keys) {
  return Estimator(plan, query, keys).Run();
}

}  // namespace onrush
