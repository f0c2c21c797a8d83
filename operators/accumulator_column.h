// Turns the state of one accumulator into a column of them.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "operators/accumulators.h"
#include "operators/measures.h"
#include "operators/page_array.h"

namespace onrush {

// `Measure` describes one kind of measure:
//   struct State;  an empty accumulator when value-initialised; all zeros if it is plain data
//   void Add(State&, const MeasureInput&, uint32_t row) const;
//   void Combine(State&, const State& later) const;
//   bool AppendJson(const State&, std::string& out) const;
//   bool Rank(const State&, RankValue& value) const;
//   size_t HeapBytes(const State&) const;  what a state takes beside itself; only where it does
//   void AddAll(State&, const MeasureInput&, uint32_t first, size_t count) const;  rows without gaps;
//     only where that is faster than one by one
//   size_t column;  the field that it reads; only where it does
// The loops over rows are here, around calls that inline.
template <typename Measure>
class AccumulatorColumn final : public Accumulators {
 public:
  using State = typename Measure::State;

  explicit AccumulatorColumn(Measure measure) : measure_(std::move(measure)) {}

  std::unique_ptr<Accumulators> NewEmpty() const override {
    return std::make_unique<AccumulatorColumn>(measure_);
  }
  void Resize(size_t count) override {
    if constexpr (kPlain) {
      states_.Resize(count);
    } else {
      states_.resize(count);
    }
  }
  void Reset(size_t slot) override { states_[slot] = State(); }

  void Prefetch(size_t slot) const override { __builtin_prefetch(states_.data() + slot); }
  void Add(const EventBatch& batch, std::span<const uint32_t> rows,
           const uint32_t* slots) override {
    const MeasureInput input = InputOf(batch);
    State* const states = states_.data();
    const size_t count = rows.size();
    for (size_t i = 0; i < count; ++i) {
      if (i + kPrefetchDistance < count) __builtin_prefetch(&states[slots[i + kPrefetchDistance]]);
      measure_.Add(states[slots[i]], input, rows[i]);
    }
  }
  void AddRun(const EventBatch& batch, std::span<const uint32_t> rows, size_t slot) override {
    const MeasureInput input = InputOf(batch);
    if constexpr (requires { &Measure::AddAll; }) {
      if (HaveNoGaps(rows)) return measure_.AddAll(states_[slot], input, rows[0], rows.size());
    }
    if constexpr (kPlain) {
      State state = states_[slot];  // in registers
      ForEachRow(rows, [&](uint32_t row) { measure_.Add(state, input, row); });
      states_[slot] = state;
    } else {
      State& state = states_[slot];
      ForEachRow(rows, [&](uint32_t row) { measure_.Add(state, input, row); });
    }
  }
  void Combine(size_t slot, const Accumulators& later, size_t later_slot) override {
    measure_.Combine(states_[slot], Same(later).states_[later_slot]);
  }
  bool AppendJson(size_t slot, std::string& out) const override {
    return measure_.AppendJson(states_[slot], out);
  }
  bool Rank(size_t slot, RankValue& value) const override {
    return measure_.Rank(states_[slot], value);
  }
  size_t memory_bytes() const override {
    if constexpr (kPlain) {
      return states_.memory_bytes();
    } else {
      size_t bytes = states_.capacity() * sizeof(State);
      for (const State& state : states_) bytes += measure_.HeapBytes(state);
      return bytes;
    }
  }

  const State* states() const { return states_.data(); }

 private:
  static constexpr size_t kPrefetchDistance = 16;
  static constexpr bool kPlain = std::is_trivially_copyable_v<State>;

  MeasureInput InputOf(const EventBatch& batch) const {
    MeasureInput input;
    input.times = batch.times();
    if constexpr (requires { measure_.column; }) {
      const Column& column = batch.columns[measure_.column];
      input.column = &column;
      input.nulls = column.nulls.data();
      input.ints = column.ints.data();
      input.floats = column.floats.data();
    }
    return input;
  }
  // Most runs have no gaps, and need no look at the list.
  template <typename VisitFn>
  static void ForEachRow(std::span<const uint32_t> rows, VisitFn visit) {
    if (HaveNoGaps(rows)) {
      for (uint32_t row = rows.front(); row <= rows.back(); ++row) visit(row);
    } else {
      for (const uint32_t row : rows) visit(row);
    }
  }
  static bool HaveNoGaps(std::span<const uint32_t> rows) {
    return !rows.empty() && rows.back() - rows.front() + 1 == rows.size();
  }
  static const AccumulatorColumn& Same(const Accumulators& other) {
    return static_cast<const AccumulatorColumn&>(other);
  }

  Measure measure_;
  std::conditional_t<kPlain, PageArray<State>, std::vector<State>> states_;
};

}  // namespace onrush
