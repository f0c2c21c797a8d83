#include "operators/top_k.h"

#include <algorithm>
#include <limits>

#include "core/status_macros.h"

namespace onrush {
absl::StatusOr<std::unique_ptr<TopK>> TopK::Create(const Plan& plan, uint32_t query) {
  ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner,
                          WindowAssigner::Create(*plan.queries[query].window()));
  return std::unique_ptr<TopK>(new TopK(plan, query, std::move(assigner)));
}

TopK::TopK(const Plan& plan, uint32_t query, WindowAssigner assigner)
    : query_plan_(plan.queries[query]),
      plan_(std::get<TopKPlan>(query_plan_.kind)),
      frontier_{std::move(assigner), query_plan_.allowed_lateness},
      store_(plan.streams[query_plan_.stream], {plan_.by}),
      selector_(plan_.k, store_.keys()),
      totals_(MakeWindowTotals(plan.streams[query_plan_.stream], plan_.by, store_)),
      recomputed_(store_) {
  if (query_plan_.max_keys) store_.keys().SetLimit(*query_plan_.max_keys);
}

void TopK::Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
                   const OperatorOutput& output) {
  PartialTops& tops = static_cast<PartialTops&>(*output.partial);
  ids_.resize(std::max(ids_.size(), rows.size()));
  rows = store_.keys().Intern(keys, rows, ids_.data());
  const std::span<const PaneRun> runs =
      runs_.Cut(frontier_.assigner, frontier_.fired, batch, rows, ids_.data());
  Prefetch(runs);
  for (const PaneRun& run : runs) {
    if (run.pane < frontier_.fired) {
      AddLate(batch, run, tops);
    } else {
      store_.Add(run.pane, batch, run.rows, run.ids);
    }
  }
}

// Of the first run, which has most rows, each is asked for before it is added.
void TopK::Prefetch(std::span<const PaneRun> runs) {
  for (size_t i = 1; i < runs.size(); ++i) {
    const Pane* const pane = store_.panes().Find(runs[i].pane);
    if (pane != nullptr) pane->Prefetch(runs[i].ids[0]);
  }
}

void TopK::AddLate(const EventBatch& batch, const PaneRun& run, PartialTops& tops) {
  for (size_t i = 0; i < run.rows.size(); ++i) {
    const Id id = run.ids[i];
    if (const Pane* content = store_.panes().Find(run.pane)) {
      const uint32_t slot = content->keys.Find(id);
      if (slot != PaneKeys::kNone) totals_->BeforeChange(run.pane, *content, id, slot);
    }
    const Pane& content = store_.Add(run.pane, batch, run.rows.subspan(i, 1), &id);
    totals_->AfterChange(run.pane, content, id, content.keys.Find(id));
    touched_.Open(run.pane, [] { return std::make_unique<TouchedKeys>(); }).ids.push_back(id);
    if (query_plan_.late_updates != QueryPlan::LateUpdates::kEach) continue;
    FindCandidates();
    UpdateUpTo(frontier_.fired, batch.first_seq + run.rows[i], tops);
  }
}

void TopK::FindCandidates() {
  for (auto& entry : touched_) {
    std::vector<Id>& ids = entry.value->ids;
    offered_.Clear(store_.keys().id_limit());
    std::erase_if(ids, [this](Id id) { return !offered_.Mark(id); });
    FindCandidates(entry.index, ids);
  }
  while (!touched_.empty()) touched_.PopFront();
}

void TopK::FindCandidates(int64_t pane, std::span<const Id> ids) {
  searches_.clear();
  const auto [first, last] = frontier_.FiredWindowsOf(pane);
  for (int64_t end = first; end <= last; ++end) {
    FiredWindow& window = fired_windows_.Open(end, [] { return std::make_unique<FiredWindow>(); });
    window.touched = true;
    const bool full = window.top.size() == static_cast<size_t>(plan_.k);
    searches_.push_back({end, full ? &window.top.back().value : nullptr, &window.candidates});
  }
  if (searches_.empty()) return;
  totals_->Search(store_, ids, frontier_.assigner.panes_per_window(), searches_);
}

void TopK::OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) {
  PartialTops& tops = static_cast<PartialTops&>(*output.partial);
  const int64_t fired_before = frontier_.fired;
  FindCandidates();
  frontier_.Advance(watermark);
  // Updates are due at every multiple of the slide, which is where windows fire, and before a
  // window closes.
  UpdateUpTo(frontier_.fired > fired_before ? fired_before : frontier_.closed, seq, tops);
  FireUpTo(fired_before, seq, tops);
  DropClosed();
}

void TopK::OnEnd(uint64_t events_read, const OperatorOutput& output) {
  PartialTops& tops = static_cast<PartialTops&>(*output.partial);
  const int64_t fired_before = frontier_.fired;
  FindCandidates();
  frontier_.fired = frontier_.closed = std::numeric_limits<int64_t>::max();
  UpdateUpTo(fired_before, events_read, tops);
  FireUpTo(fired_before, events_read, tops);
}

void TopK::FireUpTo(int64_t fired_before, uint64_t seq, PartialTops& tops) {
  ForEachWindow(store_.panes(), frontier_.assigner.panes_per_window(), fired_before,
                frontier_.fired, [&](int64_t end) { Fire(end, seq, tops); });
}

void TopK::Fire(int64_t end, uint64_t seq, PartialTops& tops) {
  totals_->MoveTo(store_, frontier_.assigner.WindowBegin(end), end);
  selector_.Clear();
  totals_->OfferAll(selector_);
  const std::vector<Ranked>& top = selector_.Finish();
  if (!top.empty()) HandOver(end, seq, top, tops);
  if (end <= frontier_.closed) return;
  FiredWindow& window = fired_windows_.Open(end, [] { return std::make_unique<FiredWindow>(); });
  window.top = top;
}

void TopK::UpdateUpTo(int64_t last, uint64_t seq, PartialTops& tops) {
  for (auto& entry : fired_windows_) {
    if (entry.index > last) break;
    if (entry.value->touched) Update(entry.index, *entry.value, seq, tops);
  }
}

void TopK::Update(int64_t end, FiredWindow& window, uint64_t seq, PartialTops& tops) {
  const std::vector<Ranked>& top = UpdatedTop(end, window);
  window.touched = false;
  window.candidates.clear();
  if (top == window.top) return;
  HandOver(end, seq, top, tops);
  window.top = top;
}

const std::vector<Ranked>& TopK::UpdatedTop(int64_t end, const FiredWindow& window) {
  selector_.Clear();
  if (!OfferCandidates(end, window)) {
    selector_.Clear();
    recomputed_.MoveTo(store_, frontier_.assigner.WindowBegin(end), end);
    recomputed_.OfferAll(selector_);
  }
  return selector_.Finish();
}

// Every key that is neither listed nor touched ranks behind the listed ones as they were. If none
// of these has sunk, it still does, and so does a touched one with less than the last of them.
bool TopK::OfferCandidates(int64_t end, const FiredWindow& window) {
  const int64_t begin = frontier_.assigner.WindowBegin(end);
  offered_.Clear(store_.keys().id_limit());
  for (const Ranked& listed : window.top) {
    RankValue value;
    const bool ranks =
        store_.Combine(listed.id, begin, end) && store_.combined()[0]->Rank(0, value);
    if (!ranks || value < listed.value) return false;
    offered_.Mark(listed.id);
    selector_.Offer(listed.id, value);
  }
  store_.CombineEach(window.candidates, begin, end, [&](Id id) {
    RankValue value;
    if (!store_.combined()[0]->Rank(0, value)) return;
    if (selector_.full() && value < selector_.worst().value) return;
    if (offered_.Mark(id)) selector_.Offer(id, value);
  });
  return true;
}

void TopK::HandOver(int64_t end, uint64_t seq, const std::vector<Ranked>& top,
                    PartialTops& tops) const {
  TopList& list = tops.Add(seq, end);
  for (const Ranked& ranked : top) list.Append(store_.keys().key(ranked.id), ranked.value);
}

void TopK::DropClosed() {
  if (frontier_.closed == WindowFrontier::kNothing) return;
  while (!fired_windows_.empty() && fired_windows_.first_index() <= frontier_.closed) {
    fired_windows_.PopFront();
  }
  // Pane p belongs to windows up to p + panes_per_window.
  const int64_t first = frontier_.closed - frontier_.assigner.panes_per_window() + 1;
  totals_->BeforeDrop(store_, first);
  store_.DropBefore(first);
}

size_t TopK::memory_bytes() const {
  return store_.memory_bytes() + totals_->memory_bytes() + recomputed_.memory_bytes() +
         offered_.memory_bytes();
}

}  // namespace onrush
