// Totals of counts.
#pragma once

#include "operators/count_column.h"
#include "operators/folded_totals.h"
#include "operators/sliding_totals.h"

namespace onrush {

// Modulo 2^32.
struct CountTotal {
  using State = uint32_t;
  static const State* States(const Accumulators& column) {
    return static_cast<const CountColumn&>(column).low_counts();
  }
  static void Add(State& total, State part) { total += part; }
  static void Subtract(State& total, State part) { total -= part; }
  static uint32_t Exact(State total) { return total; }
  static bool IsEmpty(State total) { return total == 0; }
};

// Description
//   Slides 32-bit totals for as long as no window can have a key with 2^32 events or more. From the
//   first that might on, folds the panes of each, which is little beside that many events.
// Threads
//   One.
class CountTotals final : public WindowTotals {
 public:
  explicit CountTotals(PaneStore& store) : sliding_(store), folded_(store) {}

  void MoveTo(PaneStore& store, int64_t first, int64_t end) override;
  void BeforeChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (!folds_) sliding_.BeforeChange(pane, content, id, slot);
  }
  void AfterChange(int64_t pane, const Pane& content, KeyTable::Id id, size_t slot) override {
    if (!folds_) sliding_.AfterChange(pane, content, id, slot);
  }
  void BeforeDrop(PaneStore& store, int64_t first) override {
    if (!folds_) sliding_.BeforeDrop(store, first);
  }
  void OfferAll(TopSelector& selector) override {
    folds_ ? folded_.OfferAll(selector) : sliding_.OfferAll(selector);
  }
  void Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
              std::span<const WindowSearch> windows) override;
  size_t memory_bytes() const override { return sliding_.memory_bytes() + folded_.memory_bytes(); }

 private:
  SlidingTotals<CountTotal> sliding_;
  FoldedTotals folded_;
  bool folds_ = false;
};

}  // namespace onrush
