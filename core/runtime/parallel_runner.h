// Many threads over one source, with the output of one.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "concurrentqueue/concurrentqueue.h"
#include "core/metrics/stage_timer.h"
#include "core/runtime/block_job.h"
#include "core/runtime/parker.h"
#include "core/runtime/shard.h"
#include "core/runtime/source.h"
#include "core/runtime/stream_front.h"
#include "core/runtime/work_loop.h"
#include "core/spsc_ring.h"

namespace onrush {

struct ParallelOptions {
  // Blocks on their way at once, at least 2. Memory grows with it; fewer let threads wait for each
  // other.
  size_t blocks_in_flight = 8;
  // How idle threads wait.
  WaitStrategy wait = WaitStrategy::kPark;
  // Pins shard s to the s-th but one of the processors that the process may use, if there are
  // enough for all.
  bool pin = true;
  // Stopwatches of the calling thread and of each shard's, or none. They must outlive the run.
  std::vector<StageTimer*> timers;
};

// What the runner does to batches in their order, on the ingest thread. A failure ends the run.
struct BatchHooks {
  // Before a batch is admitted.
  std::function<absl::Status(const EventBatch&)> decoded;
  // When all shards are done with it.
  std::function<absl::Status(PreparedBatch&)> collect;
};

// Description
//   The calling thread is the ingest thread: it reads blocks, admits their batches in order, and
//   collects them in order. Between these, blocks are decoded and prepared by any thread that has
//   nothing better to do, the ingest thread included. Each shard processes all blocks in order; the
//   order of everything that matters is that of the input, so that the output does not depend on
//   the number of threads or their luck. Bounds: blocks_in_flight blocks and their batches. When
//   they are all taken, nothing is read until the oldest is collected.
// Threads
//   Run() on one; it starts one per shard, which end with it.
class ParallelRunner {
 public:
  // `make_job` makes empty jobs, `make_batch` their batches. All must outlive the runner.
  ParallelRunner(StreamFront& front, std::vector<Shard>& shards,
                 const std::function<std::unique_ptr<BlockJob>()>& make_job,
                 std::function<std::unique_ptr<PreparedBatch>()> make_batch, BatchHooks hooks,
                 const ParallelOptions& options);
  ~ParallelRunner();
  ParallelRunner(const ParallelRunner&) = delete;
  ParallelRunner& operator=(const ParallelRunner&) = delete;

  // Runs `source` to its end, through the firing of what is pending. Returns the first error of the
  // source, a decoder or a hook; the threads have stopped then.
  absl::Status Run(Source& source);

 private:
  struct ShardThread {
    explicit ShardThread(size_t ring_capacity) : ring(ring_capacity) {}
    SpscRing<BlockJob*> ring;  // from the ingest thread, in order
    WorkLoop loop;
    std::thread thread;
  };

  // The ingest thread's steps; true if there was something to do.
  absl::StatusOr<bool> CollectOldest();
  absl::StatusOr<bool> AdmitNext();
  absl::StatusOr<bool> ReadNext(Source& source);
  absl::StatusOr<bool> DoIngestWork(Source& source);
  void SendEnd();
  void SendToShards(BlockJob& job);
  BlockJob& JobOf(uint64_t number) { return *jobs_[number % jobs_.size()]; }

  // Any thread's.
  bool PrepareOne(StageTimer* timer);
  void Prepare(BlockJob& job, StageTimer* timer);

  // The shard threads'.
  void RunShard(size_t index);
  bool ProcessOne(size_t index, StageTimer* timer);

  void Start();
  void Stop();

  // Of thread number `thread`, where 0 is the ingest thread; may be null.
  StageTimer* TimerOf(size_t thread) const {
    return options_.timers.empty() ? nullptr : options_.timers[thread];
  }

  StreamFront& front_;
  std::vector<Shard>& shards_;
  const std::function<std::unique_ptr<PreparedBatch>()> make_batch_;
  const BatchHooks hooks_;
  const ParallelOptions options_;

  StageTimer* const ingest_timer_;

  std::vector<std::unique_ptr<BlockJob>> jobs_;
  std::vector<std::unique_ptr<ShardThread>> threads_;
  moodycamel::ConcurrentQueue<BlockJob*> to_prepare_;
  Parker ingest_parker_;

  // The ingest thread's. Jobs are numbered in the order of reading.
  uint64_t collected_ = 0;  // jobs before this one are free again
  uint64_t admitted_ = 0;   // jobs before this one are with the shards
  uint64_t read_ = 0;       // jobs before this one are filled
  bool source_ended_ = false;
  bool ended_ = false;  // nothing more goes to the shards
};

}  // namespace onrush
