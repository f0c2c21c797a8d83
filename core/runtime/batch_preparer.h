// What can be done to a decoded batch without knowing its neighbours.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/expression_eval.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/prepared_batch.h"

namespace onrush {

// Description
//   Guards, derived fields, the conditions of the stream's queries, and the encoding and hashing of
//   their keys. It depends on nothing but the batch, so that batches may be prepared in any order,
//   by any thread.
// Threads
//   One at a time; each thread that prepares has a preparer of its own.
class BatchPreparer {
 public:
  // For plan.streams[stream]; `plan` must outlive it. All preparers and operators of an engine need
  // the same `hash_seed`.
  BatchPreparer(const Plan& plan, size_t stream, uint64_t hash_seed);

  // A batch of the right shape for this stream, for `shards` shards.
  PreparedBatch NewBatch(size_t rows, size_t shards) const;

  // Takes a batch whose `events` the decoder has filled; sorts the bad rows.
  void Prepare(PreparedBatch& batch);

  // Where the key of each of the plan's queries stands in PreparedBatch::keys (0 for the queries of
  // other streams).
  const std::vector<size_t>& key_slots() const { return key_slots_; }

 private:
  void MakeKeySlots();
  // Which rows of a batch have a key that some query asks for; null: all of them.
  const uint8_t* WantedKeys(size_t slot, const PreparedBatch& batch);
  void ApplyGuards(EventBatch& events) const;
  void RefuseAhead(Duration max_ahead, EventBatch& events) const;

  const Plan& plan_;
  const size_t stream_;
  const uint64_t hash_seed_;
  std::vector<Derivation> derivations_;
  std::vector<std::optional<Predicate>> where_;  // by query of the plan
  std::vector<KeyCodec> codecs_;                 // by key slot
  std::vector<DictionaryHashes> known_hashes_;   // by key slot
  std::vector<std::vector<size_t>>
      conditional_;              // by key slot: its queries, if all have conditions
  std::vector<uint8_t> wanted_;  // scratch
  std::vector<size_t> key_slots_;
};

}  // namespace onrush
