#include "operators/windowed_aggregate.h"

#include <algorithm>
#include <limits>

#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<WindowedAggregate>> WindowedAggregate::Create(const Plan& plan,
                                                                             uint32_t query) {
  ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner,
                          WindowAssigner::Create(*plan.queries[query].window()));
  return std::unique_ptr<WindowedAggregate>(
      new WindowedAggregate(plan, query, std::move(assigner)));
}

WindowedAggregate::WindowedAggregate(const Plan& plan, uint32_t query, WindowAssigner assigner)
    : query_plan_(plan.queries[query]),
      codec_(plan.streams[query_plan_.stream], query_plan_.key),
      measure_text_(std::get<AggregatePlan>(query_plan_.kind).compute),
      frontier_{std::move(assigner), query_plan_.allowed_lateness},
      store_(plan.streams[query_plan_.stream], std::get<AggregatePlan>(query_plan_.kind).compute),
      lines_(query_plan_.name, query) {
  if (query_plan_.max_keys) store_.keys().SetLimit(*query_plan_.max_keys);
}

void WindowedAggregate::Process(const EventBatch& batch, const KeyColumn& keys,
                                std::span<const uint32_t> rows, const OperatorOutput& output) {
  ids_.resize(std::max(ids_.size(), rows.size()));
  rows = store_.keys().Intern(keys, rows, ids_.data());
  for (const PaneRun& run :
       runs_.Cut(frontier_.assigner, frontier_.fired, batch, rows, ids_.data())) {
    if (run.pane < frontier_.fired) {
      AddLate(batch, run, output.lines);
    } else {
      store_.Add(run.pane, batch, run.rows, run.ids);
    }
  }
}

void WindowedAggregate::AddLate(const EventBatch& batch, const PaneRun& run, ResultLines& results) {
  for (size_t i = 0; i < run.rows.size(); ++i) {
    AddLate(run.pane, run.ids[i], batch.first_seq + run.rows[i], results,
            [&] { store_.Add(run.pane, batch, run.rows.subspan(i, 1), run.ids + i); });
  }
}

void WindowedAggregate::AddPart(const AggregatePart& part,
                                const std::vector<std::unique_ptr<Accumulators>>& measures,
                                const OperatorOutput& output) {
  const Id id = store_.keys().FindOrInsert({}, 0);
  const auto add = [&] { store_.AddCounted(part.pane, id, measures, part.slot); };
  if (part.pane < frontier_.fired) {
    AddLate(part.pane, id, part.seq, output.lines, add);
  } else {
    add();
  }
}

template <typename AddFn>
void WindowedAggregate::AddLate(int64_t pane, Id id, uint64_t seq, ResultLines& results,
                                AddFn add) {
  const auto [first, last] = frontier_.FiredWindowsOf(pane);
  for (int64_t end = first; end <= last; ++end) RememberLast(end, id);
  add();
  if (query_plan_.late_updates != QueryPlan::LateUpdates::kEach) return;
  for (int64_t end = first; end <= last; ++end) {
    EmitUpdates(end, *fired_windows_.Find(end), seq, results);
  }
}

void WindowedAggregate::RememberLast(int64_t end, Id id) {
  FiredWindow& window = fired_windows_.Open(end, [] { return std::make_unique<FiredWindow>(); });
  uint32_t position = window.positions.Find(id);
  if (position == SlotMap::kNone) {
    position = static_cast<uint32_t>(window.keys.size());
    window.positions.Insert(id, position, store_.keys().id_limit());
    window.keys.emplace_back().id = id;
  }
  LateKey& key = window.keys[position];
  if (key.pending) return;
  key.pending = true;
  window.pending.push_back(position);
  key.emitted = FormatMeasures(end, id);
  if (!key.emitted) return;
  key.last_begin = window.texts.size();
  window.texts += measures_;
  key.last_end = window.texts.size();
}

bool WindowedAggregate::FormatMeasures(int64_t end, Id id) {
  if (!store_.Combine(id, frontier_.assigner.WindowBegin(end), end)) return false;
  measures_.clear();
  overflows_ = measure_text_.Append(store_.combined(), 0, measures_);
  return true;
}

void WindowedAggregate::OnWatermark(EventTime watermark, uint64_t seq,
                                    const OperatorOutput& output) {
  const int64_t fired_before = frontier_.fired;
  frontier_.Advance(watermark);
  // Updates are due at every multiple of the slide, which is where windows fire, and before a
  // window closes.
  EmitUpdatesUpTo(frontier_.fired > fired_before ? fired_before : frontier_.closed, seq,
                  output.lines);
  ForEachWindow(store_.panes(), frontier_.assigner.panes_per_window(), fired_before,
                frontier_.fired, [&](int64_t end) { Fire(end, seq, output.lines); });
  DropClosed();
}

void WindowedAggregate::OnEnd(uint64_t events_read, const OperatorOutput& output) {
  const int64_t fired_before = frontier_.fired;
  frontier_.fired = frontier_.closed = std::numeric_limits<int64_t>::max();
  EmitUpdatesUpTo(fired_before, events_read, output.lines);
  ForEachWindow(store_.panes(), frontier_.assigner.panes_per_window(), fired_before,
                frontier_.fired, [&](int64_t end) { Fire(end, events_read, output.lines); });
}

void WindowedAggregate::Fire(int64_t end, uint64_t seq, ResultLines& results) {
  sorted_ = store_.KeysIn(frontier_.assigner.WindowBegin(end), end);
  std::sort(sorted_.begin(), sorted_.end(),
            [this](Id a, Id b) { return store_.keys().key(a) < store_.keys().key(b); });
  for (const Id id : sorted_) {
    FormatMeasures(end, id);
    EmitLine(end, seq, 0, id, results);
  }
}

void WindowedAggregate::EmitUpdatesUpTo(int64_t last, uint64_t seq, ResultLines& results) {
  for (auto& entry : fired_windows_) {
    if (entry.index > last) break;
    EmitUpdates(entry.index, *entry.value, seq, results);
  }
}

void WindowedAggregate::EmitUpdates(int64_t end, FiredWindow& window, uint64_t seq,
                                    ResultLines& results) {
  const auto key_of = [&](uint32_t position) {
    return store_.keys().key(window.keys[position].id);
  };
  std::sort(window.pending.begin(), window.pending.end(),
            [&](uint32_t a, uint32_t b) { return key_of(a) < key_of(b); });
  for (const uint32_t position : window.pending) {
    LateKey& key = window.keys[position];
    key.pending = false;
    FormatMeasures(end, key.id);
    const std::string_view last =
        std::string_view(window.texts).substr(key.last_begin, key.last_end - key.last_begin);
    if (key.emitted && last == measures_) continue;
    EmitLine(end, seq, key.emitted ? ++key.revision : 0, key.id, results);
  }
  window.pending.clear();
  window.texts.clear();
}

void WindowedAggregate::EmitLine(int64_t end, uint64_t seq, uint64_t revision, Id id,
                                 ResultLines& results) {
  sum_overflows_ += overflows_;
  lines_.Begin(frontier_.assigner, end, seq, revision, store_.keys().key(id), results);
  std::string& text = results.text();
  text.push_back(',');
  if (!codec_.empty()) {
    codec_.AppendJsonMembers(store_.keys().key(id), text);
    text.push_back(',');
  }
  text += measures_;
  text.push_back('}');
  results.End();
}

void WindowedAggregate::DropClosed() {
  if (frontier_.closed == WindowFrontier::kNothing) return;
  while (!fired_windows_.empty() && fired_windows_.first_index() <= frontier_.closed) {
    fired_windows_.PopFront();
  }
  // Pane p belongs to windows up to p + panes_per_window.
  store_.DropBefore(frontier_.closed - frontier_.assigner.panes_per_window() + 1);
}

void WindowedAggregate::FiredWindow::Clear() {
  keys.clear();
  positions.Clear();
  pending.clear();
  texts.clear();
}

}  // namespace onrush
