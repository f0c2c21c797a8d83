#include "operators/spread_aggregate.h"

#include <algorithm>

#include "core/status_macros.h"

namespace onrush {
namespace {

AggregateParts& Parts(const OperatorOutput& output) {
  return static_cast<AggregateParts&>(*output.partial);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SpreadAggregate>> SpreadAggregate::Create(const Plan& plan,
                                                                         uint32_t query) {
  const QueryPlan& query_plan = plan.queries[query];
  std::unique_ptr<SpreadAggregate> made(new SpreadAggregate(query_plan));
  if (const WindowPlan* const window = query_plan.window()) {
    ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner, WindowAssigner::Create(*window));
    made->frontier_.emplace(WindowFrontier{std::move(assigner), query_plan.allowed_lateness});
  }
  return made;
}

void SpreadAggregate::Process(const EventBatch& batch, const KeyColumn&,
                              std::span<const uint32_t> rows, const OperatorOutput& output) {
  AggregateParts& parts = Parts(output);
  part_of_pane_.clear();
  while (!rows.empty()) {
    const Run run = FirstRun(batch, rows);
    const std::span<const uint32_t> taken = rows.first(run.size);
    AggregatePart& part = PartFor(run.pane, parts);
    part.seq = batch.first_seq + taken.back();
    part.max_time = std::max(part.max_time, run.max_time);
    for (const auto& measure : parts.measures()) measure->AddRun(batch, taken, part.slot);
    rows = rows.subspan(run.size);
  }
}

SpreadAggregate::Run SpreadAggregate::FirstRun(const EventBatch& batch,
                                               std::span<const uint32_t> rows) {
  const int64_t* const times = batch.times();
  Run run;
  if (!frontier_) {
    run.size = rows.size();
    for (const uint32_t row : rows) run.max_time = std::max(run.max_time, EventTime{times[row]});
    return run;
  }
  run.pane = frontier_->assigner.PaneOf(EventTime{times[rows[0]]});
  if (IsToldAtOnce(run.pane)) return run;
  const WindowAssigner::Stretch pane = frontier_->assigner.last_pane();
  if (pane.Holds(batch.time_range)) {
    run.size = rows.size();  // as nearly all batches
    return run;
  }
  // The first is in its pane, also where that does not say so, at the very last instant.
  while (run.size < rows.size() && pane.Holds(times[rows[run.size]])) ++run.size;
  return run;
}

bool SpreadAggregate::IsToldAtOnce(int64_t pane) const {
  return frontier_ && pane < frontier_->fired &&
         plan_.late_updates == QueryPlan::LateUpdates::kEach;
}

AggregatePart& SpreadAggregate::PartFor(int64_t pane, AggregateParts& parts) {
  if (IsToldAtOnce(pane)) return parts.AddPart(pane);
  const auto [known, is_new] = part_of_pane_.try_emplace(pane, parts.steps().size());
  return is_new ? parts.AddPart(pane) : parts.steps()[known->second].part;
}

void SpreadAggregate::OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) {
  frontier_->Advance(watermark);
  Parts(output).AddTick(watermark, seq);
}

void SpreadAggregate::OnEnd(uint64_t events_read, const OperatorOutput& output) {
  Parts(output).AddEnd(events_read);
}

}  // namespace onrush
