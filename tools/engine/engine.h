// The façade: a plan becomes a running engine. What embedders link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/batch_preparer.h"
#include "core/runtime/collector.h"
#include "core/runtime/ledger.h"
#include "core/runtime/shard.h"
#include "core/runtime/side_output.h"
#include "core/runtime/sink.h"
#include "core/runtime/source.h"
#include "core/runtime/stream_front.h"

namespace onrush {

struct EngineOptions {
  // Rows decoded and processed at a time, at least 1. Small batches answer sooner after a block
  // arrives, large ones amortise more. Results do not depend on it.
  size_t batch_rows = 1024;
  // Seeds the hashes of keys; 0: random, so that input from outside cannot aim at collisions.
  // Results do not depend on it.
  uint64_t hash_seed = 0;

  absl::Status Validate() const;
};

// Where lines go; each may be null: then they are counted and forgotten. They must outlive the
// engine.
struct EngineOutputs {
  LineSink* results = nullptr;
  LineSink* late = nullptr;
  LineSink* bad = nullptr;
};

// Called between decoding a batch and processing it. Replay at a set pace waits here.
class BatchObserver {
 public:
  virtual ~BatchObserver() = default;
  // A failure ends the run with that status.
  virtual absl::Status OnDecoded(const EventBatch& batch) = 0;
};

// Description
//   One thread: decode a batch, number it, admit it to the queries, run the operators, order and
//   write the lines.
// Threads
//   One at a time.
class Engine {
 public:
  // `plan` must be validated (tools/engine/pipeline_file.h does) and have one stream. Fails with
  // kInvalidArgument on settings that cannot work.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(Plan plan, const EngineOptions& options,
                                                        const EngineOutputs& outputs);

  // Decodes a block with `decoder` and processes its events. The first failure of a sink or of the
  // header ends the engine's life: call nothing but its accessors afterwards.
  absl::Status Process(const TextBlock& block, Decoder& decoder, BatchObserver* observer = nullptr);

  // The bounded input is over: fires all that is pending. Does not finish the sinks.
  absl::Status Finish();

  const Plan& plan() const { return *plan_; }
  uint64_t events_read() const { return front_->events_read(); }
  // kMinEventTime before the first good event.
  EventTime watermark() const { return front_->watermark(); }
  uint64_t lines() const { return collector_.lines(); }
  // XXH3-64 over the result lines.
  uint64_t digest() const { return collector_.digest(); }
  Ledger ledger() const;
  // Keys with state and the bytes of that state, over all queries.
  size_t key_count() const;
  size_t state_bytes() const;

 private:
  Engine(std::unique_ptr<const Plan> plan, const EngineOptions& options,
         const EngineOutputs& outputs, BatchPreparer preparer, std::unique_ptr<StreamFront> front,
         std::vector<std::unique_ptr<Operator>> operators,
         std::vector<std::unique_ptr<Merger>> mergers);
  absl::Status ProcessBatch();
  absl::Status WriteSideOutputs();

  std::unique_ptr<const Plan> plan_;  // at a fixed address: the parts refer to it
  EngineOutputs outputs_;
  BatchPreparer preparer_;
  std::unique_ptr<StreamFront> front_;
  Shard shard_;
  Collector collector_;
  SideOutput side_output_;
  PreparedBatch batch_;
  std::string side_lines_;
};

}  // namespace onrush
