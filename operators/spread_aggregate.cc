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
  slots_.resize(std::max(slots_.size(), rows.size()));
  part_of_pane_.clear();
  int64_t last_pane = 0;
  AggregatePart* part = nullptr;
  for (size_t i = 0; i < rows.size(); ++i) {
    const EventTime time{batch.times()[rows[i]]};
    const int64_t pane = frontier_ ? frontier_->assigner.PaneOf(time) : 0;
    if (part == nullptr || pane != last_pane || IsToldAtOnce(pane)) part = &PartFor(pane, parts);
    last_pane = pane;
    part->seq = batch.first_seq + rows[i];
    part->max_time = std::max(part->max_time, time);
    slots_[i] = static_cast<uint32_t>(part->slot);
  }
  for (const auto& measure : parts.measures()) measure->Add(batch, rows, slots_.data());
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
