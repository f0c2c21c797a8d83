// Totals of a window that are added up anew at every slide.
#pragma once

#include <memory>
#include <vector>

#include "operators/window_totals.h"

namespace onrush {

// For measures that can only be combined (sums of float, distinct): folds the panes anew at every
// MoveTo, from the oldest. May also go back. One thread.
class FoldedTotals final : public WindowTotals {
 public:
  explicit FoldedTotals(const PaneStore& store) : totals_(store.NewColumn(0)) {}

  void MoveTo(PaneStore& store, int64_t first, int64_t end) override;
  void BeforeChange(int64_t, const Pane&, KeyTable::Id, size_t) override {}
  void AfterChange(int64_t, const Pane&, KeyTable::Id, size_t) override {}
  void BeforeDrop(PaneStore&, int64_t) override {}
  void OfferAll(TopSelector& selector) override;
  void Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
              std::span<const WindowSearch> windows) override;
  size_t memory_bytes() const override { return totals_->memory_bytes(); }

 private:
  std::unique_ptr<Accumulators> totals_;  // by id
  std::vector<KeyTable::Id> ids_;         // those with a total
};

}  // namespace onrush
