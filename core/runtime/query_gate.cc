#include "core/runtime/query_gate.h"

#include <algorithm>
#include <cstring>

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
  std::vector<uint32_t>& list =
      batch.lanes.size() == 1 ? batch.lanes[0].selected[query_].own : list_;
  list.resize(batch.events.capacity());
  Rows rows = FindCandidates(batch, list.data());
  if (velocity_) {
    rows = AdmitVelocity(batch, rows, list.data());
  } else if (assigner_) {
    rows = AdmitWindowed(batch, rows, list.data());
  }
  ledger_.counted += rows.size();
  Distribute(rows, batch);
}

QueryGate::Rows QueryGate::FindCandidates(const PreparedBatch& batch, uint32_t* list) {
  const size_t size = batch.events.size;
  const uint8_t* const bad = batch.events.bad.data();
  const uint8_t* const nulls = batch.keys[key_slot_].nulls.data();  // of bad rows too
  const bool conditional = !batch.where[query_].empty();
  if (!conditional && (size == 0 || std::memchr(nulls, 1, size) == nullptr)) {
    return Rows(batch.all_rows).first(size);
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
  const size_t found = RowsOfFlags(flags, size, list);
  ledger_.filtered += good - passed;
  ledger_.skipped_null_key += passed - found;
  return {list, found};
}

QueryGate::Rows QueryGate::AdmitWindowed(PreparedBatch& batch, Rows rows, uint32_t* list) {
  // Between ticks nothing closes. As long as all rows pass, none has to be written down.
  size_t seen = 0, passed = 0;
  size_t listed = rows.data() == list ? rows.size() : 0;  // of the first rows, if all pass
  const auto admit = [&](size_t count) {
    const Rows part = rows.subspan(seen, count);
    const bool all_passed = passed == seen;
    seen += count;
    if (all_passed && AllInTime(batch.events, part)) {
      passed = seen;
      return;
    }
    if (all_passed && listed < passed) {
      std::copy(rows.begin() + listed, rows.begin() + passed, list + listed);
    }
    passed = AdmitEach(batch, part, list, passed);
    listed = std::max(listed, passed);
  };
  for (const Tick& tick : batch.ticks) {
    const Rows rest = rows.subspan(seen);
    admit(static_cast<size_t>(std::ranges::upper_bound(rest, tick.row) - rest.begin()));
    CloseUpTo(tick.watermark);
  }
  admit(rows.size() - seen);
  return passed == rows.size() ? rows : Rows(list, passed);
}

bool QueryGate::AllInTime(const EventBatch& events, Rows rows) const {
  if (rows.empty() || events.time_range.earliest >= horizon_.ns) return true;
  return EarliestOf(events.times() + rows.front(), rows.back() - rows.front() + 1) >= horizon_.ns;
}

size_t QueryGate::AdmitEach(PreparedBatch& batch, Rows rows, uint32_t* list, size_t passed) {
  const int64_t* const times = batch.events.times();
  for (const uint32_t row : rows) {
    list[passed] = row;
    passed += times[row] >= horizon_.ns || AdmitBehindHorizon(batch, row);
  }
  return passed;
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

QueryGate::Rows QueryGate::AdmitVelocity(PreparedBatch& batch, Rows rows, uint32_t* list) {
  const EventBatch& events = batch.events;
  const int64_t* const times = events.times();
  // The last watermark is the highest.
  const EventTime oldest = SaturatingSubtract(events.watermarks.last(), allowed_lateness_);
  if (events.time_range.earliest >= oldest.ns && !sum_column_) return rows;
  RowWatermarks::Cursor watermarks(events.watermarks);
  size_t count = 0;
  for (const uint32_t row : rows) {
    if (SaturatingAdd(EventTime{times[row]}, allowed_lateness_) < watermarks.Before(row)) {
      ++ledger_.late;
      batch.late.push_back({row, query_, 1, 0});
    } else if (sum_column_ && IsRejected(events, row)) {
      ++ledger_.rejected;
      batch.rejected.push_back({row, query_});
    } else {
      list[count++] = row;
    }
  }
  return {list, count};
}

bool QueryGate::IsRejected(const EventBatch& events, uint32_t row) const {
  const Column& column = events.columns[*sum_column_];
  if (column.nulls[row] != 0) return false;
  return column.type.kind == TypeKind::kFloat ? column.floats[row] < 0 : column.ints[row] < 0;
}

void QueryGate::Distribute(Rows rows, PreparedBatch& batch) const {
  std::vector<Lane>& lanes = batch.lanes;
  if (lanes.size() == 1) {
    lanes[0].selected[query_].rows = rows;
    return;
  }
  for (Lane& lane : lanes) lane.selected[query_].own.clear();
  if (spread_) {
    for (size_t i = 0; i < lanes.size(); ++i) {
      const size_t begin = i * rows.size() / lanes.size();
      const size_t end = (i + 1) * rows.size() / lanes.size();
      const Rows run = rows.subspan(begin, end - begin);
      lanes[i].selected[query_].own.assign(run.begin(), run.end());
    }
  } else {
    const uint64_t* const hashes = batch.keys[key_slot_].hashes.data();
    for (const uint32_t row : rows) {
      lanes[LaneOf(hashes[row], lanes.size())].selected[query_].own.push_back(row);
    }
  }
  for (Lane& lane : lanes) lane.selected[query_].rows = lane.selected[query_].own;
}

}  // namespace onrush
