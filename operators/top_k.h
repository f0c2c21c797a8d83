// top_k: the k keys with the largest measure in each window.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/folded_totals.h"
#include "operators/id_marks.h"
#include "operators/index_map.h"
#include "operators/pane_runs.h"
#include "operators/pane_store.h"
#include "operators/top_k_merger.h"
#include "operators/top_selector.h"
#include "operators/window_frontier.h"
#include "operators/window_totals.h"

namespace onrush {

// Description
//   Events are added to their pane. When a window fires, the totals of its keys come from sliding
//   the last window's (window_totals.h), and a heap of k picks the best; exact, ties to the smaller
//   key. A window that fired and is still open keeps its list. Keys that late events touched are
//   noted by pane, and those among them that have as much as the last of a list are its
//   candidates: as long as no listed key has sunk, the new list is among the two.
//   Per event: a key look-up, a slot look-up, an addition. Per window: a scan of the keys. Per key
//   that late events touched and slide: a look at the panes of the windows that have that pane.
//   What comes out is the ranking of this shard's keys; TopKMerger makes lines of it.
// Threads
//   The shard's.
class TopK final : public Operator {
 public:
  // Requires: plan.queries[query] is a top_k. Fails as WindowAssigner::Create().
  static absl::StatusOr<std::unique_ptr<TopK>> Create(const Plan& plan, uint32_t query);

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override;
  void OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) override;
  void OnEnd(uint64_t events_read, const OperatorOutput& output) override;

  uint64_t over_max_keys() const override { return store_.keys().refused(); }
  size_t key_count() const override { return store_.keys().size(); }
  size_t memory_bytes() const override;

 private:
  using Id = KeyTable::Id;

  // A window that fired and is still open.
  struct FiredWindow {
    void Clear() {
      top.clear();
      touched = false;
      candidates.clear();
    }
    std::vector<Ranked> top;     // as last handed over; empty: never
    bool touched = false;        // by late events since
    std::vector<Id> candidates;  // of the keys that they touched: those with enough; may repeat
  };
  // Keys that late events of a pane touched since the last tick; may repeat.
  struct TouchedKeys {
    void Clear() { ids.clear(); }
    std::vector<Id> ids;
  };

  TopK(const Plan& plan, uint32_t query, WindowAssigner assigner);

  void Prefetch(std::span<const PaneRun> runs);
  void AddLate(const EventBatch& batch, const PaneRun& run, PartialTops& tops);
  // Of the windows that late events touched since the last call.
  void FindCandidates();
  void FindCandidates(int64_t pane, std::span<const Id> ids);
  void FireUpTo(int64_t fired_before, uint64_t seq, PartialTops& tops);
  void Fire(int64_t end, uint64_t seq, PartialTops& tops);
  void Update(int64_t end, FiredWindow& window, uint64_t seq, PartialTops& tops);
  // Updates all windows that end at `last` or before.
  void UpdateUpTo(int64_t last, uint64_t seq, PartialTops& tops);
  // The list of a window that late events touched. Valid until the next call.
  const std::vector<Ranked>& UpdatedTop(int64_t end, const FiredWindow& window);
  // Offers the listed and the touched keys. False if that is not enough.
  bool OfferCandidates(int64_t end, const FiredWindow& window);
  void HandOver(int64_t end, uint64_t seq, const std::vector<Ranked>& top, PartialTops& tops) const;
  void DropClosed();

  const QueryPlan& query_plan_;
  const TopKPlan& plan_;
  WindowFrontier frontier_;
  mutable PaneStore store_;
  TopSelector selector_;
  std::unique_ptr<WindowTotals> totals_;  // of the window that fired last
  FoldedTotals recomputed_;               // of a window that must be ranked anew
  IndexMap<FiredWindow> fired_windows_;
  IndexMap<TouchedKeys> touched_;  // by pane
  // Scratch, kept to not allocate.
  std::vector<Id> ids_;  // of the rows in work
  PaneRuns runs_;
  std::vector<WindowSearch> searches_;
  IdMarks offered_;
};

}  // namespace onrush
