#include "core/runtime/parallel_runner.h"

#include <pthread.h>
#include <sched.h>

#include <bit>
#include <utility>

#include "core/check.h"
#include "core/metrics/stage_probe.h"
#include "core/runtime/undisturbed_thread.h"
#include "core/status_macros.h"

namespace onrush {
namespace {

// The processors that this process may use.
std::vector<int> AllowedProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> processors;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

// Pinning is a help, not a need: where it is not allowed, the thread stays free.
void PinTo(std::thread& thread, int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  pthread_setaffinity_np(thread.native_handle(), sizeof(set), &set);
}

}  // namespace

ParallelRunner::ParallelRunner(StreamFront& front, std::vector<Shard>& shards,
                               const std::function<std::unique_ptr<BlockJob>()>& make_job,
                               std::function<std::unique_ptr<PreparedBatch>()> make_batch,
                               BatchHooks hooks, const ParallelOptions& options)
    : front_(front),
      shards_(shards),
      make_batch_(std::move(make_batch)),
      hooks_(std::move(hooks)),
      options_(options),
      ingest_timer_(TimerOf(0)) {
  ONRUSH_CHECK(options.blocks_in_flight >= 2 && !shards.empty());
  for (size_t i = 0; i < options.blocks_in_flight; ++i) jobs_.push_back(make_job());
  // A ring that holds all jobs is never full.
  const size_t ring_capacity = std::bit_ceil(options.blocks_in_flight);
  for (size_t i = 0; i < shards.size(); ++i) {
    threads_.push_back(std::make_unique<ShardThread>(ring_capacity));
  }
}

ParallelRunner::~ParallelRunner() { Stop(); }

absl::Status ParallelRunner::Run(Source& source) {
  Start();
  while (!(ended_ && collected_ == read_)) {
    const Parker::Ticket ticket = ingest_parker_.ticket();
    const absl::StatusOr<bool> worked = DoIngestWork(source);
    if (!worked.ok()) {
      Stop();
      return worked.status();
    }
    if (*worked) continue;
    ingest_parker_.Wait(ticket, options_.wait);
    StageDone(ingest_timer_, Stage::kWait, {});
  }
  Stop();
  return absl::OkStatus();
}

// First what frees jobs and feeds the shards, then what keeps others busy, then to help them.
absl::StatusOr<bool> ParallelRunner::DoIngestWork(Source& source) {
  ONRUSH_ASSIGN_OR_RETURN(const bool collected, CollectOldest());
  if (collected) return true;
  ONRUSH_ASSIGN_OR_RETURN(const bool admitted, AdmitNext());
  if (admitted) return true;
  ONRUSH_ASSIGN_OR_RETURN(const bool read, ReadNext(source));
  return read || PrepareOne(ingest_timer_);
}

absl::StatusOr<bool> ParallelRunner::CollectOldest() {
  if (collected_ == admitted_) return false;
  BlockJob& job = JobOf(collected_);
  // Pairs with the release in ProcessOne().
  if (job.shards_left.load(std::memory_order_acquire) != 0) return false;
  for (size_t i = 0; i < job.batch_count; ++i) {
    ONRUSH_RETURN_IF_ERROR(hooks_.collect(*job.batches[i]));
  }
  ++collected_;
  return true;
}

absl::StatusOr<bool> ParallelRunner::AdmitNext() {
  if (admitted_ == read_) return false;
  BlockJob& job = JobOf(admitted_);
  // Pairs with the release in Prepare().
  if (!job.prepared.load(std::memory_order_acquire)) return false;
  for (size_t i = 0; i < job.batch_count; ++i) {
    ONRUSH_RETURN_IF_ERROR(hooks_.decoded(job.batches[i]->events));
    front_.Admit(*job.batches[i], ingest_timer_);
  }
  SendToShards(job);
  return true;
}

absl::StatusOr<bool> ParallelRunner::ReadNext(Source& source) {
  if (ended_ || read_ - collected_ == jobs_.size()) return false;
  if (source_ended_) {
    if (admitted_ != read_) return false;
    if (source.ends_input()) SendEnd();
    ended_ = true;
    return true;
  }
  // Nobody must wait for lines while this thread waits for bytes.
  if (source.may_wait() && collected_ != read_) return false;
  BlockJob& job = JobOf(read_);
  ONRUSH_ASSIGN_OR_RETURN(const bool more, source.Next(job.block));
  if (!more) {
    source_ended_ = true;
    return true;
  }
  StageDone(ingest_timer_, Stage::kRead, {0, job.block.text.size()});
  if (read_ > 0) job.decoder->ContinueInputOf(*JobOf(read_ - 1).decoder);
  ONRUSH_RETURN_IF_ERROR(job.decoder->Start(job.block));
  job.prepared.store(false, std::memory_order_relaxed);  // the queue publishes it
  ++read_;
  ONRUSH_CHECK(to_prepare_.enqueue(&job));
  for (const auto& thread : threads_) thread->loop.Notify();
  StageDone(ingest_timer_, Stage::kHandOver, {});
  return true;
}

void ParallelRunner::SendEnd() {
  BlockJob& job = JobOf(read_);
  if (job.batches.empty()) job.batches.push_back(make_batch_());
  PreparedBatch& batch = *job.batches[0];
  batch.events.Clear();
  batch.ticks.clear();
  batch.late.clear();
  batch.rejected.clear();
  job.batch_count = 1;
  job.end_of_input = true;
  ++read_;
  SendToShards(job);
}

void ParallelRunner::SendToShards(BlockJob& job) {
  if (ingest_timer_ != nullptr) job.sent_ns = StageTimer::NowNs();
  job.shards_left.store(shards_.size(), std::memory_order_relaxed);  // the rings publish it
  for (const auto& thread : threads_) {
    const std::span<BlockJob*> slot = thread->ring.Claim(1);
    ONRUSH_CHECK(slot.size() == 1);
    slot[0] = &job;
    thread->ring.Publish(1);
    thread->loop.Notify();
  }
  ++admitted_;
  StageDone(ingest_timer_, Stage::kHandOver, {});
}

bool ParallelRunner::PrepareOne(StageTimer* timer) {
  BlockJob* job = nullptr;
  if (!to_prepare_.try_dequeue(job)) return false;
  StageDone(timer, Stage::kWait, {});
  Prepare(*job, timer);
  return true;
}

void ParallelRunner::Prepare(BlockJob& job, StageTimer* timer) {
  job.batch_count = 0;
  uint64_t bytes = job.block.text.size();  // count for the first batch
  for (bool more = true; more;) {
    if (job.batch_count == job.batches.size()) job.batches.push_back(make_batch_());
    PreparedBatch& batch = *job.batches[job.batch_count];
    batch.events.Clear();
    batch.events.file = job.block.file;
    more = job.decoder->Decode(batch.events);
    StageDone(timer, Stage::kDecode, {batch.events.size, std::exchange(bytes, 0)});
    if (batch.events.size == 0 && batch.events.outside == 0) continue;
    job.preparer.Prepare(batch);
    StageDone(timer, Stage::kPrepare, {batch.events.size});
    ++job.batch_count;
  }
  job.prepared.store(true, std::memory_order_release);  // Pairs with the acquire in AdmitNext().
  ingest_parker_.Notify();
  StageDone(timer, Stage::kHandOver, {});
}

void ParallelRunner::RunShard(size_t index) {
  StageTimer* const timer = TimerOf(index + 1);
  if (timer != nullptr) timer->Begin();
  threads_[index]->loop.Run(options_.wait,
                            [&] { return ProcessOne(index, timer) || PrepareOne(timer); });
  if (timer != nullptr) timer->End();
}

bool ParallelRunner::ProcessOne(size_t index, StageTimer* timer) {
  ShardThread& thread = *threads_[index];
  const std::span<BlockJob*> slot = thread.ring.Peek(1);
  if (slot.empty()) return false;
  BlockJob& job = *slot[0];
  StageDone(timer, Stage::kWait, {});
  if (timer != nullptr) timer->TookFromRing(job.sent_ns);
  if (job.end_of_input) {
    shards_[index].Finish(front_.events_read(), *job.batches[0], timer);
  } else {
    for (size_t i = 0; i < job.batch_count; ++i) shards_[index].Process(*job.batches[i], timer);
  }
  thread.ring.Release(1);
  // Pairs with the acquire in CollectOldest().
  job.shards_left.fetch_sub(1, std::memory_order_acq_rel);
  ingest_parker_.Notify();
  StageDone(timer, Stage::kHandOver, {});
  return true;
}

void ParallelRunner::Start() {
  const std::vector<int> processors = AllowedProcessors();
  const bool pin = options_.pin && processors.size() > threads_.size();
  for (size_t i = 0; i < threads_.size(); ++i) {
    threads_[i]->thread = StartUndisturbed([this, i] { RunShard(i); });
    if (pin) PinTo(threads_[i]->thread, processors[i + 1]);
  }
}

void ParallelRunner::Stop() {
  for (const auto& thread : threads_) {
    thread->loop.Stop();
    if (thread->thread.joinable()) thread->thread.join();
  }
}

}  // namespace onrush
