// aggregate over tumbling and hopping windows and the days of a time zone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/aggregate_parts.h"
#include "operators/index_map.h"
#include "operators/measure_text.h"
#include "operators/pane_runs.h"
#include "operators/pane_store.h"
#include "operators/slot_map.h"
#include "operators/window_frontier.h"
#include "operators/window_lines.h"

namespace onrush {

// Description
//   Events are added to their pane; a window that fires combines its panes for each of its keys. A
//   window that fired and meets a late event remembers, for the keys concerned only, what it said
//   last, so that an update can tell whether anything changed.
//   Per event: a key look-up, a slot look-up and one access per measure. Per fired window: the
//   window's keys times its panes, a sort by key, and the lines.
// Threads
//   The shard's.
class WindowedAggregate final : public MergingAggregate {
 public:
  // Requires: plan.queries[query] is an aggregate with a window. Fails as
  // WindowAssigner::Create().
  static absl::StatusOr<std::unique_ptr<WindowedAggregate>> Create(const Plan& plan,
                                                                   uint32_t query);

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override;
  void AddPart(const AggregatePart& part,
               const std::vector<std::unique_ptr<Accumulators>>& measures,
               const OperatorOutput& output) override;
  void OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) override;
  void OnEnd(uint64_t events_read, const OperatorOutput& output) override;

  uint64_t sum_overflows() const override { return sum_overflows_; }
  uint64_t over_max_keys() const override { return store_.keys().refused(); }
  size_t key_count() const override { return store_.keys().size(); }
  size_t memory_bytes() const override { return store_.memory_bytes(); }

 private:
  using Id = KeyTable::Id;

  // A key of a fired window that has met late events since.
  struct LateKey {
    Id id = 0;
    bool pending = false;   // met one since the last update
    bool emitted = false;   // has been emitted for this window
    uint64_t revision = 0;  // the last one emitted
    size_t last_begin = 0;  // if pending and emitted: the measures last emitted, in `texts`
    size_t last_end = 0;
  };
  struct FiredWindow {
    void Clear();

    std::vector<LateKey> keys;
    SlotMap positions;              // of ids in `keys`
    std::vector<uint32_t> pending;  // positions in `keys`
    std::string texts;
  };

  WindowedAggregate(const Plan& plan, uint32_t query, WindowAssigner assigner);

  void AddLate(const EventBatch& batch, const PaneRun& run, ResultLines& results);
  // Calls add() for events of a pane that fired windows hold, and sees to their updates.
  template <typename AddFn>
  void AddLate(int64_t pane, Id id, uint64_t seq, ResultLines& results, AddFn add);
  void RememberLast(int64_t end, Id id);
  void Fire(int64_t end, uint64_t seq, ResultLines& results);
  void EmitUpdates(int64_t end, FiredWindow& window, uint64_t seq, ResultLines& results);
  // Emits the updates of all windows that end at `last` or before.
  void EmitUpdatesUpTo(int64_t last, uint64_t seq, ResultLines& results);
  // With the measures that stand in measures_.
  void EmitLine(int64_t end, uint64_t seq, uint64_t revision, Id id, ResultLines& results);
  // Puts the measures of a key in a window into measures_. False if it has no events there.
  bool FormatMeasures(int64_t end, Id id);
  void DropClosed();

  const QueryPlan& query_plan_;
  const KeyCodec codec_;
  const MeasureText measure_text_;
  WindowFrontier frontier_;
  mutable PaneStore store_;
  IndexMap<FiredWindow> fired_windows_;
  WindowLineWriter lines_;
  uint64_t sum_overflows_ = 0;

  PaneRuns runs_;
  std::vector<Id> ids_;     // of the rows in work
  std::vector<Id> sorted_;  // scratch
  std::string measures_;    // scratch: as last formatted
  uint64_t overflows_ = 0;  // in measures_
};

}  // namespace onrush
