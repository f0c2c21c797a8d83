// The measure of every key over one window, kept while the window slides.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/plan.h"
#include "core/processor.h"
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

  // Offers every key that has a value and may be among the best. Requires: nothing changed since
  // MoveTo().
  virtual void OfferAll(TopSelector& selector) const = 0;

  virtual size_t memory_bytes() const = 0;
};

// Description
//   For measures that can be taken back exactly (counts, sums of int and decimal): adds the pane
//   that enters, subtracts the one that leaves, for direct panes in plain loops over blocks of ids,
//   each of which also tells its largest total. OfferAll: a look at those, and at the few blocks
//   that reach the best so far.
template <typename Measure>
class InvertibleTotals final : public WindowTotals {
 public:
  explicit InvertibleTotals(Measure measure) : measure_(measure) {}

  void MoveTo(PaneStore& store, int64_t first, int64_t end) override {
    GrowTo(store.keys().id_limit());
    TakeBack(store, first);
    Enter(store, std::max(end_, first_), end);
    end_ = std::max(end_, end);
    Slide();
  }

  void BeforeChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    Column(content).measure().Inverse(totals_[id], Column(content).states()[slot]);
  }
  void AfterChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    GrowTo(size_t{id} + 1);
    Column(content).measure().Combine(totals_[id], Column(content).states()[slot]);
  }

  void BeforeDrop(PaneStore& store, int64_t first) override {
    TakeBack(store, first);
    if (!leaving_.empty()) Slide();
  }

  void OfferAll(TopSelector& selector) const override {
    for (size_t block = 0; block < largest_.size(); ++block) {
      if (Reaches(largest_[block], selector)) OfferBlock(block, selector);
    }
  }

  size_t memory_bytes() const override { return totals_.memory_bytes() + largest_.memory_bytes(); }

 private:
  using State = typename Measure::State;
  using Exact = decltype(Measure::Exact(State()));
  static constexpr size_t kBlock = PaneKeys::kWordBits;  // ids; slots of direct panes come in such
  static constexpr size_t kAhead = 16;                   // of slots, for the prefetch

  // The states of a direct pane.
  struct Direct {
    const State* states;
    size_t blocks;
  };

  static const AccumulatorColumn<Measure>& Column(const Pane& pane) {
    return static_cast<const AccumulatorColumn<Measure>&>(*pane.measures[0]);
  }
  void GrowTo(size_t ids) {
    largest_.GrowTo((ids + kBlock - 1) / kBlock);
    totals_.GrowTo(largest_.size() * kBlock);
  }

  void TakeBack(PaneStore& store, int64_t first) {
    if (first <= first_) return;
    Take(store, first_, std::min(first, end_), leaving_,
         [this](State& total, const State& part) { measure_.Inverse(total, part); });
    first_ = first;
  }
  void Enter(PaneStore& store, int64_t first, int64_t end) {
    Take(store, first, end, entering_,
         [this](State& total, const State& part) { measure_.Combine(total, part); });
  }
  // Notes the direct panes, for Slide(), and applies the others.
  template <typename ApplyFn>
  void Take(PaneStore& store, int64_t first, int64_t end, std::vector<Direct>& direct,
            ApplyFn apply) {
    auto& panes = store.panes();
    for (auto* entry = panes.LowerBound(first); entry != panes.end() && entry->index < end;
         ++entry) {
      const PaneKeys& keys = entry->value->keys;
      const State* const states = Column(*entry->value).states();
      if (keys.direct()) {
        direct.push_back({states, keys.slot_limit() / kBlock});
        continue;
      }
      const std::span<const KeyTable::Id> ids = keys.ids();
      for (size_t slot = 0; slot < ids.size(); ++slot) {
        if (slot + kAhead < ids.size()) __builtin_prefetch(&totals_[ids[slot + kAhead]]);
        apply(totals_[ids[slot]], states[slot]);
      }
    }
  }

  // Applies the noted panes and finds the largest totals.
  void Slide() {
    if (HasAvx2()) {
      SlideAvx2();
    } else {
      SlideBlocks();
    }
    entering_.clear();
    leaving_.clear();
  }
  ONRUSH_AVX2 void SlideAvx2() { SlideBlocks(); }
  // Plain loops that the compiler makes vectors of, in the way of the function they end up in.
  [[gnu::always_inline]] void SlideBlocks() {
    for (size_t block = 0; block < largest_.size(); ++block) {
      State* const totals = totals_.data() + block * kBlock;
      // Slots without a key have an empty state, which changes nothing.
      for (const Direct& pane : leaving_) {
        if (block >= pane.blocks) continue;
        const State* const states = pane.states + block * kBlock;
        for (size_t i = 0; i < kBlock; ++i) measure_.Inverse(totals[i], states[i]);
      }
      for (const Direct& pane : entering_) {
        if (block >= pane.blocks) continue;
        const State* const states = pane.states + block * kBlock;
        for (size_t i = 0; i < kBlock; ++i) measure_.Combine(totals[i], states[i]);
      }
      Exact largest = Measure::Exact(totals[0]);
      for (size_t i = 1; i < kBlock; ++i) largest = std::max(largest, Measure::Exact(totals[i]));
      largest_[block] = largest;
    }
  }

  static bool Reaches(const Exact& largest, const TopSelector& selector) {
    return !selector.full() || largest >= static_cast<Exact>(selector.worst().exact);
  }
  void OfferBlock(size_t block, TopSelector& selector) const {
    RankValue value;
    for (size_t id = block * kBlock; id < (block + 1) * kBlock; ++id) {
      if (totals_[id].count == 0 || !Reaches(Measure::Exact(totals_[id]), selector)) continue;
      measure_.Rank(totals_[id], value);
      selector.Offer(static_cast<KeyTable::Id>(id), value);
    }
  }

  Measure measure_;
  int64_t first_ = INT64_MIN;  // the totals are those of the panes first_ … end_ − 1
  int64_t end_ = INT64_MIN;
  PageArray<State> totals_;   // by id
  PageArray<Exact> largest_;  // of each block, when the totals were moved last
  // Direct panes that Slide() is to apply.
  std::vector<Direct> entering_;
  std::vector<Direct> leaving_;
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
