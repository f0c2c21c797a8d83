#include "operators/window_totals.h"

namespace onrush {

void FoldedTotals::MoveTo(PaneStore& store, int64_t first, int64_t end) {
  totals_->Resize(store.keys().id_limit());
  ids_ = store.KeysIn(first, end);
  for (const KeyTable::Id id : ids_) totals_->Reset(id);
  auto& panes = store.panes();
  for (auto* entry = panes.LowerBound(first); entry != panes.end() && entry->index < end; ++entry) {
    const Accumulators& counted = *entry->value->measures[0];
    entry->value->keys.ForEach(
        [&](KeyTable::Id id, uint32_t slot) { totals_->Combine(id, counted, slot); });
  }
}

void FoldedTotals::OfferAll(TopSelector& selector) const {
  for (const KeyTable::Id id : ids_) {
    RankValue value;
    if (totals_->Rank(id, value)) selector.Offer(id, value);
  }
}

std::unique_ptr<WindowTotals> MakeWindowTotals(const StreamPlan& stream, const MeasurePlan& measure,
                                               const PaneStore& store) {
  if (measure.kind == MeasurePlan::Kind::kCount) {
    return std::make_unique<InvertibleTotals<CountMeasure>>(CountMeasure{});
  }
  const ValueType type = stream.column_type(measure.column);
  if (measure.kind == MeasurePlan::Kind::kSum && IsExactNumber(type)) {
    using Sum = ExactSumMeasure<false>;
    return std::make_unique<InvertibleTotals<Sum>>(Sum{measure.column, type.scale});
  }
  return std::make_unique<FoldedTotals>(store);
}

}  // namespace onrush
