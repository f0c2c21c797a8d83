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
  if (rows.empty()) return;
  if (!frontier_) {
    AggregatePart& part = parts.AddPart(0);
    const int64_t* const times = batch.times();
    for (const uint32_t row : rows) part.max_time = std::max(part.max_time, EventTime{times[row]});
    Count(batch, rows, part, parts);
    return;
  }
  // What goes along with the rows is nothing but themselves.
  for (const PaneRun& run :
       runs_.Cut(frontier_->assigner, frontier_->fired, batch, rows, rows.data())) {
    if (!IsToldAtOnce(run.pane)) {
      Count(batch, run.rows, PartFor(run.pane, parts), parts);
      continue;
    }
    for (size_t i = 0; i < run.rows.size(); ++i) {
      Count(batch, run.rows.subspan(i, 1), parts.AddPart(run.pane), parts);
    }
  }
}

void SpreadAggregate::Count(const EventBatch& batch, std::span<const uint32_t> rows,
                            AggregatePart& part, AggregateParts& parts) {
  part.seq = batch.first_seq + rows.back();
  for (const auto& measure : parts.measures()) measure->AddRun(batch, rows, part.slot);
}

bool SpreadAggregate::IsToldAtOnce(int64_t pane) const {
  return pane < frontier_->fired && plan_.late_updates == QueryPlan::LateUpdates::kEach;
}

AggregatePart& SpreadAggregate::PartFor(int64_t pane, AggregateParts& parts) {
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
