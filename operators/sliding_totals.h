// Totals that slide along with their window.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/processor.h"
#include "operators/accumulator_column.h"
#include "operators/id_block.h"
#include "operators/key_search.h"
#include "operators/measures.h"
#include "operators/page_array.h"
#include "operators/smallest_keys.h"
#include "operators/window_totals.h"

namespace onrush {

// Of sums of int and decimal. `Total` of SlidingTotals has this shape.
struct SumTotal {
  using Measure = ExactSumMeasure<false>;
  using State = Measure::State;  // empty when value-initialised
  static const State* States(const Accumulators& column) {
    return static_cast<const AccumulatorColumn<Measure>&>(column).states();
  }
  static void Add(State& total, const State& part) { Measure::Combine(total, part); }
  static void Subtract(State& total, const State& part) {
    total.sum -= part.sum;
    total.count -= part.count;
  }
  static Int128 Exact(const State& total) { return total.sum; }  // RankValue::exact
  static bool IsEmpty(const State& total) { return total.count == 0; }
};

// Description
//   For measures that can be taken back exactly: adds the pane that enters, and subtracts the first
//   one, which the next window does not have; for direct panes in plain loops over blocks of ids,
//   each of which also tells its largest total with the first pane. OfferAll: a look at those, and
//   at the few blocks that reach the best so far; of those that only tie with the last of them, at
//   the ones with a smaller key.
// Threads
//   One.
template <typename Total>
class SlidingTotals final : public WindowTotals {
 public:
  // `store` must outlive the totals.
  explicit SlidingTotals(PaneStore& store)
      : keys_(store.keys()), smallest_keys_(store.keys()), best_blocks_(1, store.keys()) {}

  void MoveTo(PaneStore& store, int64_t first, int64_t end) override {
    GrowTo(store.keys().id_limit());
    TakeBack(store, first);
    Take(store, std::max(end_, first_), end, entering_, Total::Add);
    end_ = std::max(end_, end);
    TakeFirst(store);
    Slide();
  }

  void BeforeChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    Total::Subtract(totals_[id], StatesOf(content)[slot]);
  }
  void AfterChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (pane < first_ || pane >= end_) return;
    GrowTo(size_t{id} + 1);
    Total::Add(totals_[id], StatesOf(content)[slot]);
  }

  void BeforeDrop(PaneStore& store, int64_t first) override {
    first_pane_ = {};
    TakeBack(store, first);
    if (!leaving_.empty()) Slide();
  }

  void OfferAll(TopSelector& selector) override {
    smallest_keys_.GrowTo(largest_.size());
    const std::vector<Ranked>& best = BestBlocks(selector.k());
    for (const Ranked& block : best) OfferBlock(block.id / kIdBlock, selector);
    // The keys of other blocks come after the last of these blocks, if there are others at all.
    if (best.size() < selector.k()) return;
    if (selector.full() && !selector.RanksBefore(best.back(), selector.worst())) return;
    ForEachPlacing(selector, [&](size_t block) {
      const bool offered = std::any_of(best.begin(), best.end(), [&](const Ranked& other) {
        return other.id / kIdBlock == block;
      });
      if (!offered) OfferBlock(block, selector);
    });
  }

  void Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
              std::span<const WindowSearch> windows) override {
    search_.Run(store, ids, panes, windows);
  }

  size_t memory_bytes() const override {
    return totals_.memory_bytes() + largest_.memory_bytes() + smallest_keys_.memory_bytes();
  }

 private:
  using State = typename Total::State;
  using Exact = decltype(Total::Exact(State()));
  // For prefetches.
  static constexpr size_t kAhead = 16;

  // The states of a direct pane.
  struct Direct {
    const State* states = nullptr;
    size_t blocks = 0;
  };

  static const State* StatesOf(const Pane& pane) { return Total::States(*pane.measures[0]); }
  void GrowTo(size_t ids) {
    largest_.GrowTo((ids + kIdBlock - 1) / kIdBlock);
    totals_.GrowTo(largest_.size() * kIdBlock);
  }

  void TakeBack(PaneStore& store, int64_t first) {
    if (first <= first_) return;
    Take(store, first_, std::min(first, end_), leaving_, Total::Subtract);
    first_ = first;
  }
  // Lets Slide() take back the first pane, too, if it is direct.
  void TakeFirst(PaneStore& store) {
    first_pane_ = {};
    const Pane* const pane = store.panes().Find(first_);
    if (pane == nullptr || !pane->keys.direct()) return;
    first_pane_ = {StatesOf(*pane), pane->keys.blocks()};
    ++first_;
  }
  // Notes the direct panes, for Slide(), and applies the others.
  template <typename ApplyFn>
  void Take(PaneStore& store, int64_t first, int64_t end, std::vector<Direct>& direct,
            ApplyFn apply) {
    for (const auto& entry : store.panes().Range(first, end)) {
      const PaneKeys& keys = entry.value->keys;
      const State* const states = StatesOf(*entry.value);
      if (keys.direct()) {
        direct.push_back({states, keys.blocks()});
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
      State* const totals = totals_.data() + block * kIdBlock;
      // Slots without a key have an empty state, which changes nothing.
      for (const Direct& pane : leaving_) {
        if (block >= pane.blocks) continue;
        const State* const states = pane.states + block * kIdBlock;
        for (size_t i = 0; i < kIdBlock; ++i) Total::Subtract(totals[i], states[i]);
      }
      for (const Direct& pane : entering_) {
        if (block >= pane.blocks) continue;
        const State* const states = pane.states + block * kIdBlock;
        for (size_t i = 0; i < kIdBlock; ++i) Total::Add(totals[i], states[i]);
      }
      Exact largest = Total::Exact(totals[0]);
      for (size_t i = 1; i < kIdBlock; ++i) largest = std::max(largest, Total::Exact(totals[i]));
      largest_[block] = largest;
      if (block >= first_pane_.blocks) continue;
      const State* const states = first_pane_.states + block * kIdBlock;
      for (size_t i = 0; i < kIdBlock; ++i) Total::Subtract(totals[i], states[i]);
    }
  }

  // Of the selector's worst.
  static Exact Worst(const TopSelector& selector) {
    return static_cast<Exact>(selector.worst().value.exact);
  }
  static bool Reaches(const Exact& total, const TopSelector& selector) {
    return !selector.full() || total >= Worst(selector);
  }
  // The k blocks with the largest total, as their smallest keys; ties go to the smaller one. The
  // best keys are mostly in these.
  const std::vector<Ranked>& BestBlocks(size_t k) {
    best_blocks_.Restart(k);
    ForEachPlacing(best_blocks_, [this](size_t block) {
      RankValue value;
      value.exact = largest_[block];
      const KeyTable::Id smallest = smallest_keys_.Of(block);
      if (smallest != SmallestKeys::kNone) best_blocks_.Offer(smallest, value);
    });
    return best_blocks_.Finish();
  }
  // Visits the blocks that may have a key for the selector, as it is when their turn comes.
  template <typename VisitFn>
  void ForEachPlacing(TopSelector& selector, VisitFn visit) {
    SmallestKeys::Begun worst;
    if (selector.full()) worst = smallest_keys_.KeyOf(selector.worst().id);
    for (size_t block = 0; block < largest_.size(); ++block) {
      if (!Reaches(largest_[block], selector)) continue;
      const bool ties = selector.full() && largest_[block] == Worst(selector);
      if (ties && !smallest_keys_.HasSmaller(block, worst)) continue;
      visit(block);
      if (selector.full()) worst = smallest_keys_.KeyOf(selector.worst().id);
    }
  }
  // The keys that decide a tie are asked for before the first is read.
  void OfferBlock(size_t block, TopSelector& selector) const {
    Ranked candidates[kIdBlock];
    size_t count = 0;
    for (size_t id = block * kIdBlock; id < (block + 1) * kIdBlock; ++id) {
      State total = totals_[id];
      if (block < first_pane_.blocks) Total::Add(total, first_pane_.states[id]);
      if (Total::IsEmpty(total) || !Reaches(Total::Exact(total), selector)) continue;
      candidates[count].id = static_cast<KeyTable::Id>(id);
      candidates[count].value.exact = Total::Exact(total);
      keys_.Prefetch(candidates[count++].id);
    }
    for (size_t i = 0; i < count; ++i) selector.Offer(candidates[i].id, candidates[i].value);
  }

  const KeyTable& keys_;
  SmallestKeys smallest_keys_;
  int64_t first_ = INT64_MIN;  // the totals are those of the panes first_ … end_ − 1
  int64_t end_ = INT64_MIN;
  PageArray<State> totals_;   // by id
  PageArray<Exact> largest_;  // of each block, when the totals were moved last
  TopSelector best_blocks_;   // in OfferAll()
  // Direct panes that Slide() is to apply.
  std::vector<Direct> entering_;
  std::vector<Direct> leaving_;
  Direct first_pane_;  // of the window, taken back from its totals; none if it is still in them
  KeySearch<Total> search_;
};

}  // namespace onrush
