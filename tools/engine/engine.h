// The façade: a plan becomes a running engine. What embedders link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/metrics/stage_timer.h"
#include "core/plan.h"
#include "core/runtime/batch_preparer.h"
#include "core/runtime/collector.h"
#include "core/runtime/ledger.h"
#include "core/runtime/parallel_runner.h"
#include "core/runtime/shard.h"
#include "core/runtime/side_output.h"
#include "core/runtime/sink.h"
#include "core/runtime/source.h"
#include "core/runtime/stream_front.h"

namespace onrush {

// Results depend on none of these.
struct EngineOptions {
  // Behaviour

  // Threads that own keys, 0 to kMaxShards, besides the one that calls Run(). 0: everything happens
  // on that one.
  size_t shards = 0;

  // Performance

  // Rows decoded and processed at a time, 1 to 2^20. Small batches answer sooner after a block
  // arrives, large ones amortise more.
  size_t batch_rows = 1024;
  // Seeds the hashes of keys; 0: random, so that input from outside cannot aim at collisions.
  uint64_t hash_seed = 0;
  // Large arrays of state in huge pages: fewer misses, but to touch a new one may take milliseconds
  // on a virtual machine, which live events should not wait for. Once set, it holds for the engines
  // of the whole process.
  bool huge_pages = false;
  // Used if shards > 0.
  ParallelOptions parallel;

  // Measuring

  // Stopwatches of the thread that calls Run() and of each shard's; none: nothing is measured. They
  // must outlive the engine.
  std::vector<StageTimer*> timers;

  static constexpr size_t kMaxShards = 256;
  absl::Status Validate() const;
};

// Where lines go; each may be null: then they are counted and forgotten. They must outlive the
// engine.
struct EngineOutputs {
  LineSink* results = nullptr;
  LineSink* late = nullptr;
  LineSink* bad = nullptr;
  // Told of flagged events; may be null.
  FlagObserver* flags = nullptr;
};

// Told of every batch, in order, before it is processed. Replay at a set pace waits here.
class BatchObserver {
 public:
  virtual ~BatchObserver() = default;
  // Columns that no query uses may not be filled. A failure ends the run with that status.
  virtual absl::Status OnDecoded(const EventBatch& batch) = 0;
};

// Description
//   Decode a batch, number it, admit it to the queries, run the operators, order and write the
//   lines: on the calling thread, or spread over threads (core/runtime/parallel_runner.h). The
//   lines are the same.
// Threads
//   One at a time.
class Engine {
 public:
  // `plan` must be validated (tools/engine/pipeline_file.h does) and have one stream. Fails with
  // kInvalidArgument on settings that cannot work.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(Plan plan, const EngineOptions& options,
                                                        const EngineOutputs& outputs);

  // Processes `source` to its end and, if that ends its input, fires all that is pending. Does not
  // finish the sinks. The first failure of the source, a header, the observer or a sink ends the
  // engine's life: call nothing but its accessors afterwards.
  absl::Status Run(Source& source, Format format, BatchObserver* observer = nullptr);

  // The same step by step, on the calling thread: a block, and the end of the bounded input.
  // Requires: no shards.
  absl::Status Process(const TextBlock& block, Decoder& decoder, BatchObserver* observer = nullptr);
  absl::Status Finish();

  const Plan& plan() const { return *plan_; }
  uint64_t events_read() const { return front_->events_read(); }
  // kMinEventTime before the first good event.
  EventTime watermark() const { return front_->watermark(); }
  uint64_t lines() const { return collector_.lines(); }
  // XXH3-64 over the result lines.
  uint64_t digest() const { return collector_.digest(); }
  Ledger ledger() const;
  // Keys with state and the bytes of that state, over all queries. Not while Run() runs.
  size_t key_count() const;
  size_t state_bytes() const;
  // By shard, then query: what it held when the bounded input was over. After Run().
  std::vector<std::vector<StateSize>> sizes_at_end() const;

 private:
  Engine(std::unique_ptr<const Plan> plan, const EngineOptions& options,
         const EngineOutputs& outputs, uint64_t hash_seed, std::unique_ptr<StreamFront> front,
         std::vector<Shard> shards, std::vector<std::unique_ptr<Merger>> mergers);
  absl::Status RunInline(Source& source, Format format, BatchObserver* observer);
  absl::Status RunParallel(Source& source, Format format, BatchObserver* observer);
  PreparedBatch NewBatch() const;
  absl::Status Collect(PreparedBatch& batch);
  absl::StatusOr<uint64_t> WriteSideOutputs(const PreparedBatch& batch);

  std::unique_ptr<const Plan> plan_;  // at a fixed address: the parts refer to it
  const EngineOptions options_;
  const EngineOutputs outputs_;
  const uint64_t hash_seed_;
  StageTimer* const timer_;  // the calling thread's, or null
  BatchPreparer preparer_;
  std::unique_ptr<StreamFront> front_;
  std::vector<Shard> shards_;  // at least one
  Collector collector_;
  SideOutput side_output_;
  PreparedBatch batch_;  // of Process()
  std::string side_lines_;
};

}  // namespace onrush
