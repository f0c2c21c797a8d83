#include "core/runtime/stream_front.h"

#include <algorithm>
#include <tuple>

#include "core/metrics/stage_probe.h"
#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<StreamFront>> StreamFront::Create(
    const Plan& plan, size_t stream, const std::vector<size_t>& key_slots) {
  ONRUSH_ASSIGN_OR_RETURN(Sequencer sequencer, Sequencer::Create(plan, stream));
  std::unique_ptr<StreamFront> front(new StreamFront(std::move(sequencer)));
  for (size_t query = 0; query < plan.queries.size(); ++query) {
    if (plan.queries[query].stream != stream) continue;
    ONRUSH_ASSIGN_OR_RETURN(QueryGate gate, QueryGate::Create(plan, query, key_slots[query]));
    front->gates_.emplace_back(query, std::move(gate));
  }
  return front;
}

void StreamFront::Admit(PreparedBatch& batch, StageTimer* timer) {
  ledger_.read += batch.events.size;
  ledger_.bad += batch.events.bad_rows.size();
  ledger_.outside += batch.events.outside;
  sequencer_.Stamp(batch);
  StageDone(timer, Stage::kSequence, {batch.events.size});
  batch.late.clear();
  batch.rejected.clear();
  for (auto& [query, gate] : gates_) gate.Admit(batch);
  const auto by_row = [](const auto& a, const auto& b) {
    return std::tie(a.row, a.query) < std::tie(b.row, b.query);
  };
  if (gates_.size() > 1) {  // each gate's are in order
    std::sort(batch.late.begin(), batch.late.end(), by_row);
    std::sort(batch.rejected.begin(), batch.rejected.end(), by_row);
  }
  StageDone(timer, Stage::kGates, {batch.events.size});
}

void StreamFront::AddQueryLedgers(std::vector<QueryLedger>& queries) const {
  for (const auto& [query, gate] : gates_) {
    QueryLedger& sum = queries[query];
    const QueryLedger& part = gate.ledger();
    sum.filtered += part.filtered;
    sum.skipped_null_key += part.skipped_null_key;
    sum.late += part.late;
    sum.rejected += part.rejected;
    sum.counted += part.counted;
    sum.partly_late += part.partly_late;
  }
}

}  // namespace onrush
