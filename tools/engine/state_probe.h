// An operator under made-up events, to weigh its state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "core/event_batch.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/merger.h"
#include "core/runtime/operator.h"
#include "core/runtime/result_lines.h"
#include "core/time.h"

namespace onrush {

// Description
//   Owns the operator of one query and gives it events for a number of keys, as if each had passed
//   the query's gate. Texts have kTextBytes bytes; every event has values that no other one had.
//   Its lines are forgotten.
// Threads
//   One.
class StateProbe {
 public:
  static constexpr size_t kTextBytes = 16;

  // For plan.queries[query] and `keys` different keys (fewer where the key's type has fewer
  // values). Fails as MakeOperator().
  static absl::StatusOr<StateProbe> Create(Plan plan, uint32_t query, size_t keys);

  // Feeds an event for each key, in [begin, begin + span); a key's event stands at the same place
  // in every span. About 0.1 µs an event. Requires: span > 0.
  void FeedEachKey(EventTime begin, Duration span);

  void Advance(EventTime watermark);

  size_t key_count() const { return operator_->key_count(); }
  size_t memory_bytes() const { return operator_->memory_bytes(); }

 private:
  StateProbe(std::unique_ptr<const Plan> plan, uint32_t query, size_t keys);
  void FillRow(size_t row, uint64_t key, EventTime time);
  void SetValue(Column& column, size_t row, uint64_t number);
  void ProcessBatch();
  OperatorOutput output() { return {lines_, partial_.get()}; }
  void ForgetOutput();

  std::unique_ptr<const Plan> plan_;  // at a fixed address: the operator refers to it
  size_t keys_;
  EventBatch batch_;
  KeyColumn encoded_;
  KeyCodec codec_;
  std::vector<bool> in_key_;  // by column
  ResultLines lines_;
  std::unique_ptr<PartialResults> partial_;
  std::unique_ptr<Operator> operator_;
  uint64_t values_ = 0;  // made so far
};

}  // namespace onrush
