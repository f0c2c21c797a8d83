#include "operators/count_totals.h"

namespace onrush {
namespace {

// What no key's count in the panes first … end − 1 is above.
uint64_t BoundOf(PaneStore& store, int64_t first, int64_t end) {
  uint64_t bound = 0;
  for (const auto& entry : store.panes().Range(first, end)) {
    bound += static_cast<const CountColumn&>(*entry.value->measures[0]).bound();
  }
  return bound;
}

}  // namespace

void CountTotals::MoveTo(PaneStore& store, int64_t first, int64_t end) {
  folds_ = folds_ || BoundOf(store, first, end) > UINT32_MAX;
  if (folds_) {
    folded_.MoveTo(store, first, end);
  } else {
    sliding_.MoveTo(store, first, end);
  }
}

void CountTotals::Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
                         std::span<const WindowSearch> windows) {
  if (BoundOf(store, windows.front().end - panes, windows.back().end) > UINT32_MAX) {
    folded_.Search(store, ids, panes, windows);
  } else {
    sliding_.Search(store, ids, panes, windows);
  }
}

}  // namespace onrush
