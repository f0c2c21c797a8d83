#include "operators/pane_runs.h"

#include <algorithm>
#include <limits>

namespace onrush {
namespace {

// The time in the middle of three rows': where few are late, one of the usual pane.
int64_t UsualTime(const int64_t* times, std::span<const uint32_t> rows) {
  const int64_t first = times[rows.front()], last = times[rows.back()];
  const int64_t middle = times[rows[rows.size() / 2]];
  return std::max(std::min(first, last), std::min(std::max(first, last), middle));
}

}  // namespace

std::span<const PaneRun> PaneRuns::Cut(WindowAssigner& assigner, int64_t fired,
                                       const EventBatch& batch, std::span<const uint32_t> rows,
                                       const uint32_t* ids) {
  const int64_t* const times = batch.times();
  runs_.clear();
  runs_.reserve(rows.size() + 1);
  if (rows.empty()) return runs_;
  const int64_t usual = assigner.PaneOf(EventTime{UsualTime(times, rows)});
  const WindowAssigner::Stretch stretch = assigner.last_pane();
  // At the end of event time a pane has an instant more than its stretch.
  if (usual < fired || stretch.last_ns >= std::numeric_limits<int64_t>::max() - 1) {
    Append(assigner, times, rows, ids);
    return runs_;
  }
  if (stretch.Holds(batch.time_range)) {
    runs_.push_back({usual, rows, ids});
    return runs_;
  }
  const size_t inside = Part(stretch, times, rows, ids);
  runs_.push_back({usual, std::span(rows_).first(inside), ids_.data()});
  Append(assigner, times, std::span(rows_).subspan(rows.size(), rows.size() - inside),
         ids_.data() + rows.size());
  return runs_;
}

size_t PaneRuns::Part(WindowAssigner::Stretch stretch, const int64_t* times,
                      std::span<const uint32_t> rows, const uint32_t* ids) {
  rows_.resize(std::max(rows_.size(), 2 * rows.size()));  // of either kind all
  ids_.resize(rows_.size());
  uint32_t* const moved_rows = rows_.data();
  uint32_t* const moved_ids = ids_.data();
  size_t inside = 0, outside = rows.size();
  for (size_t i = 0; i < rows.size(); ++i) {
    // Which it is cannot be guessed: it is put where either would be.
    const bool holds = stretch.Holds(times[rows[i]]);
    moved_rows[inside] = moved_rows[outside] = rows[i];
    moved_ids[inside] = moved_ids[outside] = ids[i];
    inside += holds;
    outside += !holds;
  }
  return inside;
}

void PaneRuns::Append(WindowAssigner& assigner, const int64_t* times,
                      std::span<const uint32_t> rows, const uint32_t* ids) {
  for (size_t i = 0; i < rows.size();) {
    const int64_t pane = assigner.PaneOf(EventTime{times[rows[i]]});
    size_t end = i + 1;
    while (end < rows.size() && assigner.PaneOf(EventTime{times[rows[end]]}) == pane) ++end;
    runs_.push_back({pane, rows.subspan(i, end - i), ids + i});
    i = end;
  }
}

}  // namespace onrush
