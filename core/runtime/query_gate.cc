#include "core/runtime/query_gate.h"

#include <algorithm>

#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<QueryGate> QueryGate::Create(const Plan& plan, size_t query, size_t key_slot) {
  QueryGate gate(plan.queries[query], query, key_slot);
  if (const WindowPlan* window = plan.queries[query].window()) {
    ONRUSH_ASSIGN_OR_RETURN(gate.assigner_, WindowAssigner::Create(*window));
  }
  return gate;
}

QueryGate::QueryGate(const QueryPlan& plan, size_t query, size_t key_slot)
    : query_(static_cast<uint32_t>(query)),
      key_slot_(key_slot),
      keyed_(!plan.key.empty()),
      allowed_lateness_(plan.allowed_lateness) {
  if (const auto* velocity = std::get_if<VelocityPlan>(&plan.kind)) {
    velocity_ = true;
    if (velocity->sum) sum_column_ = velocity->sum->column;
  }
}

void QueryGate::Admit(PreparedBatch& batch) {
  const EventBatch& events = batch.events;
  for (Lane& lane : batch.lanes) lane.selected[query_].clear();
  where_ = batch.where[query_].empty() ? nullptr : batch.where[query_].data();
  if (velocity_) return AdmitVelocity(batch);
  if (!assigner_) return AdmitRunning(batch);
  size_t first = 0;
  for (const Tick& tick : batch.ticks) {
    AdmitWindowed(batch, first, tick.row + size_t{1});
    CloseUpTo(tick.watermark);
    first = tick.row + size_t{1};
  }
  AdmitWindowed(batch, first, events.size);
}

bool QueryGate::Passes(const PreparedBatch& batch, size_t row) {
  if (batch.events.bad[row] != 0) return false;
  if (where_ != nullptr && where_[row] == 0) {
    ++ledger_.filtered;
    return false;
  }
  if (keyed_ && batch.keys[key_slot_].nulls[row] != 0) {
    ++ledger_.skipped_null_key;
    return false;
  }
  return true;
}

void QueryGate::AdmitRunning(PreparedBatch& batch) {
  for (size_t row = 0; row < batch.events.size; ++row) {
    if (Passes(batch, row)) Select(batch, row);
  }
}

void QueryGate::AdmitWindowed(PreparedBatch& batch, size_t first, size_t last) {
  const int64_t* const times = batch.events.times();
  for (size_t row = first; row < last; ++row) {
    if (!Passes(batch, row)) continue;
    if (times[row] < horizon_.ns && !AdmitBehindHorizon(batch, row)) continue;
    Select(batch, row);
  }
}

bool QueryGate::AdmitBehindHorizon(PreparedBatch& batch, size_t row) {
  const int64_t windows = assigner_->panes_per_window();
  const int64_t pane = assigner_->PaneOf(EventTime{batch.events.times()[row]});
  const int64_t missed = std::min(windows, closed_boundary_ - pane);
  batch.late.push_back({static_cast<uint32_t>(row), query_, missed, windows - missed});
  if (missed == windows) {
    ++ledger_.late;
    return false;
  }
  ++ledger_.partly_late;
  return true;
}

void QueryGate::CloseUpTo(EventTime watermark) {
  const EventTime closing = SaturatingSubtract(watermark, allowed_lateness_);
  closed_boundary_ = assigner_->PaneOf(closing);
  horizon_ = ClampToEventTime(assigner_->Boundary(closed_boundary_));
}

void QueryGate::AdmitVelocity(PreparedBatch& batch) {
  const EventBatch& events = batch.events;
  const int64_t* const times = events.times();
  for (size_t row = 0; row < events.size; ++row) {
    if (!Passes(batch, row)) continue;
    if (SaturatingAdd(EventTime{times[row]}, allowed_lateness_).ns < events.watermark[row]) {
      ++ledger_.late;
      batch.late.push_back({static_cast<uint32_t>(row), query_, 1, 0});
    } else if (sum_column_ && IsRejected(events, row)) {
      ++ledger_.rejected;
      batch.rejected.push_back({static_cast<uint32_t>(row), query_});
    } else {
      Select(batch, row);
    }
  }
}

bool QueryGate::IsRejected(const EventBatch& events, size_t row) const {
  const Column& column = events.columns[*sum_column_];
  if (column.nulls[row] != 0) return false;
  return column.type.kind == TypeKind::kFloat ? column.floats[row] < 0 : column.ints[row] < 0;
}

}  // namespace onrush
