// Brings the lines of all operators into one order and hands them to the sink.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/metrics/stage_timer.h"
#include "core/runtime/merger.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/result_lines.h"
#include "core/runtime/sink.h"

namespace onrush {

// Told of the events that velocity queries flag.
class FlagObserver {
 public:
  virtual ~FlagObserver() = default;
  // The event `place.tail` was flagged when the event `place.seq` came, which `line` tells. Before
  // the line is written; the lines of a batch in no order.
  virtual void OnFlag(const LinePlace& place, std::string_view line) = 0;
};

// The lines of a batch are all there when the batch is done, and batches come in the order of seq:
// sorting within the batch gives the total order. Not thread-safe.
class Collector {
 public:
  // `mergers` by query, null for those whose shards write lines themselves. `sink` must outlive the
  // collector; null: lines are counted and digested only.
  Collector(LineSink* sink, std::vector<std::unique_ptr<Merger>> mergers);
  // From now on tells `observer`, which must outlive this, of the lines of the queries that
  // `flags_events` (by query) marks.
  void Observe(FlagObserver* observer, std::vector<bool> flags_events);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Gives a new batch's lanes room for what is to be merged.
  void Equip(PreparedBatch& batch) const;

  // Merges and writes the lines of a finished batch in their order, and clears them. `timer` is the
  // calling thread's, or null; the stage kWrite is left to the caller to end.
  absl::Status Collect(PreparedBatch& batch, StageTimer* timer = nullptr);

  uint64_t lines() const { return lines_; }
  uint64_t bytes() const { return bytes_; }  // of the lines
  const std::vector<uint64_t>& lines_by_query() const { return lines_by_query_; }
  // XXH3-64 (seed 0) over all bytes written so far.
  uint64_t digest() const;

 private:
  void MergePartials(PreparedBatch& batch);
  void Take(ResultLines& results);
  std::string_view InOrder(ResultLines& results);
  std::string_view Merge();

  void TellFlags(const ResultLines& results);

  LineSink* sink_;
  FlagObserver* observer_ = nullptr;
  std::vector<bool> flags_events_;
  std::vector<std::unique_ptr<Merger>> mergers_;
  ResultLines merged_;                  // the mergers' lines of the batch in work
  std::vector<PartialResults*> parts_;  // scratch
  uint64_t lines_ = 0;
  uint64_t bytes_ = 0;
  std::vector<uint64_t> lines_by_query_;
  void* digest_;  // XXH3_state_t, whose header does not belong into this one
  // Lanes with lines that are not written yet, and the next of each.
  struct Rest {
    ResultLines* results;
    size_t next;
  };
  std::vector<Rest> rests_;
  std::string reordered_;
};

}  // namespace onrush
