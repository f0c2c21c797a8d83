#include "core/runtime/query_gate.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "core/flag_rows.h"
#include "core/runtime/time_scan.h"
#include "core/spread.h"
#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<QueryGate> QueryGate::Create(const Plan& plan, size_t query, size_t key_slot) {
  QueryGate gate(plan.queries[query], query, key_slot);
  gate.spread_ = IsSpread(plan.streams[plan.queries[query].stream], plan.queries[query]);
  if (const WindowPlan* window = plan.queries[query].window()) {
    ONRUSH_ASSIGN_OR_RETURN(gate.assigner_, WindowAssigner::Create(*window));
  }
  return gate;
}

QueryGate::QueryGate(const QueryPlan& plan, size_t query, size_t key_slot)
    : query_(static_cast<uint32_t>(query)),
      key_slot_(key_slot),
      allowed_lateness_(plan.allowed_lateness) {
  if (const auto* velocity = std::get_if<VelocityPlan>(&plan.kind)) {
    velocity_ = true;
    if (velocity->sum) sum_column_ = velocity->sum->column;
  }
}

void QueryGate::Admit(PreparedBatch& batch) {
  FindCandidates(batch);
  if (velocity_) {
    AdmitVelocity(batch);
  } else if (assigner_) {
    AdmitWindowed(batch);
  }
  ledger_.counted += rows_.size();
  Distribute(batch);
}

void QueryGate::FindCandidates(const PreparedBatch& batch) {
  const size_t size = batch.events.size;
  const uint8_t* const bad = batch.events.bad.data();
  const uint8_t* const nulls = batch.keys[key_slot_].nulls.data();  // of bad rows too
  const bool conditional = !batch.where[query_].empty();
  rows_.resize(batch.events.capacity());
  if (!conditional && (size == 0 || std::memchr(nulls, 1, size) == nullptr)) {
    rows_.resize(size);
    std::iota(rows_.begin(), rows_.end(), 0u);
    return;
  }
  flags_.resize(batch.events.capacity());
  uint8_t* const flags = flags_.data();
  const size_t good = size - batch.events.bad_rows.size();
  size_t passed = good;
  if (conditional) {
    const uint8_t* const where = batch.where[query_].data();
    for (size_t row = 0; row < size; ++row) flags[row] = where[row] & (bad[row] ^ 1);
    passed = CountFlags(flags, size);
    for (size_t row = 0; row < size; ++row) flags[row] &= nulls[row] ^ 1;
  } else {
    for (size_t row = 0; row < size; ++row) flags[row] = nulls[row] ^ 1;
  }
  rows_.resize(RowsOfFlags(flags, size, rows_.data()));
  ledger_.filtered += good - passed;
  ledger_.skipped_null_key += passed - rows_.size();
}

void QueryGate::AdmitWindowed(PreparedBatch& batch) {
  const int64_t* const times = batch.events.times();
  if (batch.ticks.empty() && !AnyBefore(times, batch.events.size, horizon_.ns)) return;
  size_t count = 0;
  auto tick = batch.ticks.begin();
  const auto close_before = [&](size_t row) {
    for (; tick != batch.ticks.end() && tick->row < row; ++tick) CloseUpTo(tick->watermark);
  };
  for (const uint32_t row : rows_) {
    close_before(row);
    rows_[count] = row;
    count += times[row] >= horizon_.ns || AdmitBehindHorizon(batch, row);
  }
  close_before(batch.events.size);
  rows_.resize(count);
}

bool QueryGate::AdmitBehindHorizon(PreparedBatch& batch, uint32_t row) {
  const int64_t windows = assigner_->panes_per_window();
  const int64_t pane = assigner_->PaneOf(EventTime{batch.events.times()[row]});
  const int64_t missed = std::min(windows, closed_boundary_ - pane);
  batch.late.push_back({row, query_, missed, windows - missed});
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
  const int64_t* const watermarks = events.watermark.data();
  if (events.size == 0) return;
  // The last watermark is the highest.
  const EventTime highest{watermarks[events.size - 1]};
  const bool none_late =
      !AnyBefore(times, events.size, SaturatingSubtract(highest, allowed_lateness_).ns);
  if (none_late && !sum_column_) return;
  size_t count = 0;
  for (const uint32_t row : rows_) {
    if (SaturatingAdd(EventTime{times[row]}, allowed_lateness_).ns < watermarks[row]) {
      ++ledger_.late;
      batch.late.push_back({row, query_, 1, 0});
    } else if (sum_column_ && IsRejected(events, row)) {
      ++ledger_.rejected;
      batch.rejected.push_back({row, query_});
    } else {
      rows_[count++] = row;
    }
  }
  rows_.resize(count);
}

bool QueryGate::IsRejected(const EventBatch& events, uint32_t row) const {
  const Column& column = events.columns[*sum_column_];
  if (column.nulls[row] != 0) return false;
  return column.type.kind == TypeKind::kFloat ? column.floats[row] < 0 : column.ints[row] < 0;
}

void QueryGate::Distribute(PreparedBatch& batch) const {
  std::vector<Lane>& lanes = batch.lanes;
  if (lanes.size() == 1) {
    lanes[0].selected[query_].assign(rows_.begin(), rows_.end());
    return;
  }
  if (spread_) {
    for (size_t i = 0; i < lanes.size(); ++i) {
      const auto begin =
          rows_.begin() + static_cast<std::ptrdiff_t>(i * rows_.size() / lanes.size());
      const auto end =
          rows_.begin() + static_cast<std::ptrdiff_t>((i + 1) * rows_.size() / lanes.size());
      lanes[i].selected[query_].assign(begin, end);
    }
    return;
  }
  for (Lane& lane : lanes) lane.selected[query_].clear();
  const uint64_t* const hashes = batch.keys[key_slot_].hashes.data();
  for (const uint32_t row : rows_) {
    lanes[LaneOf(hashes[row], lanes.size())].selected[query_].push_back(row);
  }
}

}  // namespace onrush
