#include "operators/folded_totals.h"

namespace onrush {

void FoldedTotals::MoveTo(PaneStore& store, int64_t first, int64_t end) {
  totals_->Resize(store.keys().id_limit());
  ids_ = store.KeysIn(first, end);
  for (const KeyTable::Id id : ids_) totals_->Reset(id);
  for (const auto& entry : store.panes().Range(first, end)) {
    const Accumulators& counted = *entry.value->measures[0];
    entry.value->keys.ForEach(
        [&](KeyTable::Id id, uint32_t slot) { totals_->Combine(id, counted, slot); });
  }
}

void FoldedTotals::OfferAll(TopSelector& selector) {
  for (const KeyTable::Id id : ids_) {
    RankValue value;
    if (totals_->Rank(id, value)) selector.Offer(id, value);
  }
}

void FoldedTotals::Search(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
                          std::span<const WindowSearch> windows) {
  for (const WindowSearch& window : windows) {
    store.CombineEach(ids, window.end - panes, window.end, [&](KeyTable::Id id) {
      RankValue value;
      if (!store.combined()[0]->Rank(0, value)) return;
      if (window.least == nullptr || !(value < *window.least)) window.found->push_back(id);
    });
  }
}

}  // namespace onrush
