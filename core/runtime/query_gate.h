// Who may take part in a query: the checks between the sequencer and the operators.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/ledger.h"
#include "core/runtime/prepared_batch.h"
#include "core/window.h"

namespace onrush {

// Description
//   Books every good event of a batch, for one query, at the first check that it fails: `where`,
//   null key, late, rejected; the others are selected. All of this depends on the order of arrival
//   alone, not on any state of the query. About 1 ns an event.
// Implementation
//   One check after the other thins out the rows: first as flags, many at a time, then as a list.
//   Boundaries are numbered (core/window.h). With C the last boundary at or before
//   W − allowed_lateness, the windows that end at C or before are closed for good. Pane p belongs
//   to the windows that end at p + 1 … p + n: an event at time t has missed one if p + 1 ≤ C, that
//   is t < Boundary(C), and all of them if p + n ≤ C.
// Threads
//   The ingest thread only.
class QueryGate {
 public:
  // For plan.queries[query]; `key_slot` is where its key stands in PreparedBatch::keys.
  static absl::StatusOr<QueryGate> Create(const Plan& plan, size_t query, size_t key_slot);

  // Fills selected[query] of the batch's lanes; appends to batch.late and batch.rejected, ascending
  // by row.
  void Admit(PreparedBatch& batch);

  size_t key_slot() const { return key_slot_; }
  const QueryLedger& ledger() const { return ledger_; }

 private:
  QueryGate(const QueryPlan& plan, size_t query, size_t key_slot);

  using Rows = std::span<const uint32_t>;

  // Each returns the rows that go on and books the others. Where not all do, they stand in `list`,
  // which has room for a batch, and may hold those that were asked about.
  Rows FindCandidates(const PreparedBatch& batch, uint32_t* list);
  Rows AdmitWindowed(PreparedBatch& batch, Rows rows, uint32_t* list);
  Rows AdmitVelocity(PreparedBatch& batch, Rows rows, uint32_t* list);
  // Whether none of the rows, or of those between them, is behind Boundary(C).
  bool AllInTime(const EventBatch& events, Rows rows) const;
  // Writes those that go on to `list` from `passed` on; returns where they end.
  size_t AdmitEach(PreparedBatch& batch, Rows rows, uint32_t* list, size_t passed);
  // Books a windowed event behind Boundary(C). True if it goes on.
  bool AdmitBehindHorizon(PreparedBatch& batch, uint32_t row);
  bool IsRejected(const EventBatch& events, uint32_t row) const;
  // Sends each row to the shard that owns its key, or each shard a run of them.
  void Distribute(Rows rows, PreparedBatch& batch) const;
  // Bits that the operators' hash tables use neither to choose a table nor a slot.
  static size_t LaneOf(uint64_t hash, size_t lanes) {
    return static_cast<size_t>((hash >> 16 & UINT32_MAX) * lanes >> 32);
  }
  void CloseUpTo(EventTime watermark);

  uint32_t query_;
  size_t key_slot_;
  Duration allowed_lateness_;
  std::optional<WindowAssigner> assigner_;  // windowed queries
  bool velocity_ = false;
  bool spread_ = false;               // IsSpread()
  std::optional<size_t> sum_column_;  // velocity: negative values are rejected

  int64_t closed_boundary_ = 0;        // C; meaningless while horizon_ is kMinEventTime
  EventTime horizon_ = kMinEventTime;  // Boundary(C): events before it have missed a window
  QueryLedger ledger_;

  // Scratch.
  std::vector<uint32_t> list_;  // the rows that passed, where several lanes share them
  std::vector<uint8_t> flags_;  // 1 for a row that passed
};

}  // namespace onrush
