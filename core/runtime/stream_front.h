// The serial pass over a stream's batches, in arrival order.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/metrics/stage_timer.h"
#include "core/plan.h"
#include "core/runtime/ledger.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/query_gate.h"
#include "core/runtime/sequencer.h"

namespace onrush {

// Description
//   Sequence numbers and the watermark, then the gates of the stream's queries, which also send
//   each event to the shards that own its keys. Short, because it cannot be shared: about 3 ns an
//   event and query.
// Threads
//   The ingest thread.
class StreamFront {
 public:
  // For plan.streams[stream]; `plan` must outlive it. `key_slots` is BatchPreparer's. Fails as
  // WindowAssigner::Create().
  static absl::StatusOr<std::unique_ptr<StreamFront>> Create(const Plan& plan, size_t stream,
                                                             const std::vector<size_t>& key_slots);

  // Takes a prepared batch, the next in arrival order, through to the point where shards can
  // process it. `timer` is the ingest thread's, or null.
  void Admit(PreparedBatch& batch, StageTimer* timer = nullptr);

  uint64_t events_read() const { return sequencer_.next_seq(); }
  // kMinEventTime before the first good event.
  EventTime watermark() const { return sequencer_.watermark(); }
  const StreamLedger& ledger() const { return ledger_; }
  // Adds the counters of this stream's queries.
  void AddQueryLedgers(std::vector<QueryLedger>& queries) const;

 private:
  explicit StreamFront(Sequencer sequencer) : sequencer_(std::move(sequencer)) {}

  Sequencer sequencer_;
  std::vector<std::pair<size_t, QueryGate>> gates_;  // by query of this stream
  StreamLedger ledger_;
};

}  // namespace onrush
