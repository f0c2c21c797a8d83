// The measure of every key over one window, kept while the window slides.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/plan.h"
#include "operators/accumulator_column.h"
#include "operators/measures.h"
#include "operators/page_array.h"
#include "operators/pane_store.h"
#include "operators/top_selector.h"

namespace onrush {

// The panes first … end − 1 of a store, combined by key; the measure is the store's first. One
// thread.
class WindowTotals {
 public:
  virtual ~WindowTotals() = default;

  // Makes the totals those of the panes first … end − 1. Requires: neither bound goes back.
  virtual void MoveTo(PaneStore& store, int64_t first, int64_t end) = 0;
  // To be called around a change of a slot in a pane, and before panes below `first` are dropped.
  virtual void BeforeChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) = 0;
  virtual void AfterChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) = 0;
  virtual void BeforeDrop(PaneStore& store, int64_t first) = 0;

  // Offers every key that has a value.
  virtual void OfferAll(TopSelector& selector) const = 0;

  virtual size_t memory_bytes() const = 0;
};

// Description
//   For measures that can be taken back exactly (counts, sums of int and decimal): adds the pane
//   that enters, subtracts the one that leaves. MoveTo by one pane: the keys of two panes.
//   OfferAll: a scan of one column over all ids.
template <typename Measure>
class InvertibleTotals final : public WindowTotals {
 public:
  void MoveTo(PaneStore& store, int64_t first, int64_t end) override {
    totals_.GrowTo(store.keys().id_limit());
    BeforeDrop(store, first);
    Apply(store, std::max(end_, first_), end,
          [](const Measure& measure, State& a, const State& b) { measure.Combine(a, b); });
    end_ = std::max(end_, end);
  }

  void BeforeChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    Column(content).measure().Inverse(totals_[id], Column(content).states()[slot]);
  }
  void AfterChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    totals_.GrowTo(size_t{id} + 1);
    Column(content).measure().Combine(totals_[id], Column(content).states()[slot]);
  }

  void BeforeDrop(PaneStore& store, int64_t first) override {
    if (first <= first_) return;
    Apply(store, first_, std::min(first, end_),
          [](const Measure& measure, State& a, const State& b) { measure.Inverse(a, b); });
    first_ = first;
  }

  // Most keys are far below the best so far: blocks without one that reaches them are passed over.
  void OfferAll(TopSelector& selector) const override {
    for (size_t begin = 0; begin < totals_.size(); begin += kBlock) {
      const size_t end = std::min(begin + kBlock, totals_.size());
      if (Reaches(begin, end, selector)) OfferBlock(begin, end, selector);
    }
  }

  explicit InvertibleTotals(Measure measure) : measure_(measure) {}
  size_t memory_bytes() const override { return totals_.memory_bytes(); }

 private:
  using State = typename Measure::State;
  static constexpr size_t kBlock = 64;  // ids
  static constexpr size_t kAhead = 16;  // of slots, for the prefetch
  static const AccumulatorColumn<Measure>& Column(const Pane& pane) {
    return static_cast<const AccumulatorColumn<Measure>&>(*pane.measures[0]);
  }

  bool Reaches(size_t begin, size_t end, const TopSelector& selector) const {
    if (!selector.full()) return true;
    const auto least = static_cast<decltype(Measure::Exact(State()))>(selector.worst().exact);
    bool reaches = false;
    for (size_t id = begin; id < end; ++id) reaches |= Measure::Exact(totals_.data()[id]) >= least;
    return reaches;
  }
  void OfferBlock(size_t begin, size_t end, TopSelector& selector) const {
    RankValue value;
    for (size_t id = begin; id < end; ++id) {
      if (totals_[id].count == 0) continue;
      measure_.Rank(totals_[id], value);
      selector.Offer(static_cast<KeyTable::Id>(id), value);
    }
  }

  template <typename ApplyFn>
  void Apply(PaneStore& store, int64_t first, int64_t end, ApplyFn apply) {
    auto& panes = store.panes();
    for (auto* entry = panes.LowerBound(first); entry != panes.end() && entry->index < end;
         ++entry) {
      const PaneKeys& keys = entry->value->keys;
      const State* const states = Column(*entry->value).states();
      if (keys.direct()) {
        // Slots without a key have an empty state, which changes nothing.
        const size_t count = std::min(keys.slot_limit(), totals_.size());
        ApplyAll(count, states, totals_.data(), apply);
      } else {
        ApplyEach(keys.ids(), states, totals_.data(), apply);
      }
    }
  }
  template <typename ApplyFn>
  void ApplyAll(size_t count, const State* states, State* totals, ApplyFn apply) const {
    for (size_t id = 0; id < count; ++id) apply(measure_, totals[id], states[id]);
  }
  template <typename ApplyFn>
  void ApplyEach(std::span<const KeyTable::Id> ids, const State* states, State* totals,
                 ApplyFn apply) const {
    for (size_t slot = 0; slot < ids.size(); ++slot) {
      if (slot + kAhead < ids.size()) __builtin_prefetch(&totals[ids[slot + kAhead]]);
      apply(measure_, totals[ids[slot]], states[slot]);
    }
  }

  Measure measure_;
  int64_t first_ = INT64_MIN;  // the totals are those of the panes first_ … end_ − 1
  int64_t end_ = INT64_MIN;
  PageArray<State> totals_;  // by id
};

// For measures that can only be combined (sums of float, distinct): folds the panes anew at every
// MoveTo, from the oldest. May also go back.
class FoldedTotals final : public WindowTotals {
 public:
  explicit FoldedTotals(const PaneStore& store) : totals_(store.NewColumn(0)) {}

  void MoveTo(PaneStore& store, int64_t first, int64_t end) override;
  void BeforeChange(int64_t, const Pane&, KeyTable::Id, size_t) override {}
  void AfterChange(int64_t, const Pane&, KeyTable::Id, size_t) override {}
  void BeforeDrop(PaneStore&, int64_t) override {}
  void OfferAll(TopSelector& selector) const override;
  size_t memory_bytes() const override { return totals_->memory_bytes(); }

 private:
  std::unique_ptr<Accumulators> totals_;  // by id
  std::vector<KeyTable::Id> ids_;         // those with a total
};

// The fastest totals for a measure of top_k.
std::unique_ptr<WindowTotals> MakeWindowTotals(const StreamPlan& stream, const MeasurePlan& measure,
                                               const PaneStore& store);

}  // namespace onrush
