// The measure of every key over one window, kept while the window slides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/plan.h"
#include "operators/pane_store.h"
#include "operators/top_selector.h"

namespace onrush {

// A window for which keys are sought.
struct WindowSearch {
  int64_t end;
  const RankValue* least;            // what a key must have at least; null: anything
  std::vector<KeyTable::Id>* found;  // those that have are appended
};

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
  virtual void OfferAll(TopSelector& selector) = 0;

  // Seeks among `ids` for windows of `panes` panes each, of any time, that end one pane after the
  // other. Requires: windows is not empty.
  virtual void Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
                      std::span<const WindowSearch> windows) = 0;

  virtual size_t memory_bytes() const = 0;
};

// The fastest totals for a measure of top_k.
std::unique_ptr<WindowTotals> MakeWindowTotals(const StreamPlan& stream, const MeasurePlan& measure,
                                               PaneStore& store);

}  // namespace onrush
