// The rows of a batch, cut by pane.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/event_batch.h"
#include "core/window.h"

namespace onrush {

// Rows of one pane, in order of arrival, and the ids of their keys.
struct PaneRun {
  int64_t pane;
  std::span<const uint32_t> rows;
  const uint32_t* ids;
};

// Description
//   Most rows of a batch are of one pane; late ones in between would cut them into short runs. So
//   those of the usual pane come first, in one run, and the others follow in order of arrival.
//   Nothing where all times that the batch may have are of one, else about 1 ns a row, 10 ns for
//   one of another pane.
// Threads
//   One.
class PaneRuns {
 public:
  // The runs of some rows of a batch, whose keys are `ids`. Rows of panes before `fired` keep their
  // order. Valid until the next call, and as long as `rows` and `ids`.
  std::span<const PaneRun> Cut(WindowAssigner& assigner, int64_t fired, const EventBatch& batch,
                               std::span<const uint32_t> rows, const uint32_t* ids);

 private:
  // Puts the rows of the stretch to the front of rows_ and the others behind the first
  // rows.size(); the same with their ids. Returns how many are of the stretch.
  size_t Part(WindowAssigner::Stretch stretch, const int64_t* times, std::span<const uint32_t> rows,
              const uint32_t* ids);
  // Appends runs of rows that stand side by side.
  void Append(WindowAssigner& assigner, const int64_t* times, std::span<const uint32_t> rows,
              const uint32_t* ids);

  std::vector<PaneRun> runs_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> ids_;
};

}  // namespace onrush
