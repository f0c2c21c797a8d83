// What happens to a decoded batch before the operators see it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/expression_eval.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/ledger.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/query_gate.h"
#include "core/runtime/sequencer.h"

namespace onrush {

// Description
//   Guards, derived fields, sequence numbers and watermark, keys, and the gates of the stream's
//   queries, in this order (SEMANTICS: parse, guards, derive; then per query where, null key, late,
//   rejected).
// Threads
//   The ingest thread.
class StreamStage {
 public:
  // For plan.streams[stream]; `plan` must outlive the stage. `hash_seed` must be the operators'.
  static absl::StatusOr<std::unique_ptr<StreamStage>> Create(const Plan& plan, size_t stream,
                                                             uint64_t hash_seed);

  // A batch of the right shape for this stream.
  PreparedBatch NewBatch(size_t rows) const;

  // Takes a batch whose `events` the decoder has filled through to the point where operators can
  // process it.
  void Prepare(PreparedBatch& batch);

  // Where the key of each of the plan's queries stands in PreparedBatch::keys (0 for the queries of
  // other streams).
  const std::vector<size_t>& key_slots() const { return key_slots_; }
  uint64_t events_read() const { return sequencer_.next_seq(); }
  EventTime watermark() const { return sequencer_.watermark(); }
  const StreamLedger& ledger() const { return ledger_; }
  // Adds the counters of this stream's queries.
  void AddQueryLedgers(std::vector<QueryLedger>& queries) const;

 private:
  StreamStage(const Plan& plan, size_t stream, uint64_t hash_seed, Sequencer sequencer);
  void MakeKeySlots();
  void ApplyGuards(EventBatch& events) const;

  const Plan& plan_;
  const size_t stream_;
  const uint64_t hash_seed_;
  Sequencer sequencer_;
  std::vector<Derivation> derivations_;
  std::vector<KeyCodec> codecs_;  // one per key slot
  std::vector<size_t> key_slots_;
  std::vector<std::pair<size_t, QueryGate>> gates_;  // by query of this stream
  StreamLedger ledger_;
};

}  // namespace onrush
