// The state of one measure for many keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/event_batch.h"
#include "core/int128.h"
#include "core/plan.h"

namespace onrush {

// The value by which top_k ranks: exact for counts, distinct counts and sums of int and decimal,
// approximate for sums of float; the other part stays zero.
struct RankValue {
  Int128 exact = 0;
  double approximate = 0;
  friend auto operator<=>(const RankValue&, const RankValue&) = default;
};

// Description
//   A column of accumulators, one per slot, for one measure of a query; slots are the owner's
//   business. Add() takes events in arrival order; Combine() takes the accumulator of a later pane
//   (Tangwongsan et al., "General Incremental Sliding-Window Aggregation", VLDB 2015, call these
//   lift and combine; AppendJson() and Rank() lower).
// Threads
//   One.
class Accumulators {
 public:
  virtual ~Accumulators() = default;

  // Another column for the same measure, without slots.
  virtual std::unique_ptr<Accumulators> NewEmpty() const = 0;

  // Makes the slots 0 … count − 1 exist; new ones are empty. Never shrinks memory.
  virtual void Resize(size_t count) = 0;
  // Empties a slot.
  virtual void Reset(size_t slot) = 0;

  // Asks for a slot's memory.
  virtual void Prefetch(size_t slot) const = 0;
  // Counts rows[i] in slots[i].
  virtual void Add(const EventBatch& batch, std::span<const uint32_t> rows,
                   const uint32_t* slots) = 0;
  // Counts all rows in one slot, several times as fast.
  virtual void AddRun(const EventBatch& batch, std::span<const uint32_t> rows, size_t slot) = 0;
  // Takes over a slot of a later pane. Both must be columns of the same measure.
  virtual void Combine(size_t slot, const Accumulators& later, size_t later_slot) = 0;

  // Appends the value as JSON. False if it left the range of a double and stands as null.
  virtual bool AppendJson(size_t slot, std::string& out) const = 0;
  // The value to rank by. False if it is null. Requires: count, sum or distinct.
  virtual bool Rank(size_t slot, RankValue& value) const = 0;

  // About what the slots take, with all that they refer to. Looks at every slot of distinct, and of
  // min, max, first and last of strings.
  virtual size_t memory_bytes() const = 0;
};

// The accumulators of `measure` over events of `stream`, without slots.
std::unique_ptr<Accumulators> MakeAccumulators(const StreamPlan& stream,
                                               const MeasurePlan& measure);

}  // namespace onrush
