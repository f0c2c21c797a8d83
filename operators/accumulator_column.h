// Turns the state of one accumulator into a column of them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "operators/accumulators.h"

namespace onrush {

// `Measure` describes one kind of measure:
//   struct State;                                        an empty accumulator when
//   value-initialised void Add(State&, const EventBatch&, uint32_t row) const; void Combine(State&,
//   const State& later) const; bool AppendJson(const State&, std::string& out) const; bool
//   Rank(const State&, RankValue& value) const; void Inverse(State&, const State& part) const;
//   takes back a Combine; only where exact
//   size_t HeapBytes(const State&) const; what a state takes beside itself; only where it does
// The loops over rows are here, around calls that inline.
template <typename Measure>
class AccumulatorColumn final : public Accumulators {
 public:
  using State = typename Measure::State;

  explicit AccumulatorColumn(Measure measure) : measure_(std::move(measure)) {}

  std::unique_ptr<Accumulators> NewEmpty() const override {
    return std::make_unique<AccumulatorColumn>(measure_);
  }
  void Resize(size_t count) override { states_.resize(count); }
  void Reset(size_t slot) override { states_[slot] = State(); }

  void Add(const EventBatch& batch, std::span<const uint32_t> rows,
           const uint32_t* slots) override {
    State* const states = states_.data();
    for (size_t i = 0; i < rows.size(); ++i) measure_.Add(states[slots[i]], batch, rows[i]);
  }
  void CombineAll(const Accumulators& later, std::span<const uint32_t> slots) override {
    const State* const from = Same(later).states_.data();
    State* const states = states_.data();
    for (size_t i = 0; i < slots.size(); ++i) measure_.Combine(states[slots[i]], from[i]);
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
    size_t bytes = states_.capacity() * sizeof(State);
    if constexpr (requires(const State& state) { measure_.HeapBytes(state); }) {
      for (const State& state : states_) bytes += measure_.HeapBytes(state);
    }
    return bytes;
  }

  const Measure& measure() const { return measure_; }
  std::vector<State>& states() { return states_; }
  const std::vector<State>& states() const { return states_; }

 private:
  static const AccumulatorColumn& Same(const Accumulators& other) {
    return static_cast<const AccumulatorColumn&>(other);
  }

  Measure measure_;
  std::vector<State> states_;
};

}  // namespace onrush
