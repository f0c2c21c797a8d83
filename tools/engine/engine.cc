#include "tools/engine/engine.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/metrics/stage_probe.h"
#include "core/random_seed.h"
#include "core/status_macros.h"
#include "core/used_columns.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "operators/make_operator.h"
#include "operators/page_array.h"

namespace onrush {
namespace {

absl::Status CheckRange(const char* setting, size_t value, size_t lowest, size_t highest) {
  if (value >= lowest && value <= highest) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "{}: found {}; right would be a number from {} to {}", setting, value, lowest, highest));
}

absl::StatusOr<Shard> MakeShard(const Plan& plan, size_t index, uint64_t hash_seed,
                                const std::vector<size_t>& key_slots) {
  std::vector<std::unique_ptr<Operator>> operators;
  for (uint32_t query = 0; query < plan.queries.size(); ++query) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Operator> made, MakeOperator(plan, query, hash_seed));
    operators.push_back(std::move(made));
  }
  return Shard(plan, index, std::move(operators), key_slots);
}

}  // namespace

absl::Status EngineOptions::Validate() const {
  ONRUSH_RETURN_IF_ERROR(CheckRange("shards", shards, 0, kMaxShards));
  if (!timers.empty() && timers.size() != shards + 1) {
    return absl::InvalidArgumentError(fmt::format(
        "timers: found {}; right would be one for each of {} threads", timers.size(), shards + 1));
  }
  ONRUSH_RETURN_IF_ERROR(CheckRange("batch_rows", batch_rows, 1, size_t{1} << 20));
  return CheckRange("blocks_in_flight", parallel.blocks_in_flight, 2, 1024);
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(Plan plan, const EngineOptions& options,
                                                       const EngineOutputs& outputs) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  if (plan.streams.size() != 1) {
    return absl::InvalidArgumentError(
        fmt::format("the pipeline has {} streams; right would be one", plan.streams.size()));
  }
  if (options.huge_pages) Pages::PreferHuge();
  // Each shard has its share of the keys that a query may have.
  const size_t shard_count = std::max<size_t>(options.shards, 1);
  for (QueryPlan& query : plan.queries) {
    if (query.max_keys) query.max_keys = (*query.max_keys + shard_count - 1) / shard_count;
  }
  const std::vector<bool> used = UsedColumns(plan, 0);
  for (size_t i = 0; i < plan.streams[0].fields.size(); ++i) {
    plan.streams[0].fields[i].unused = !used[i];
  }
  plan.streams[0].records_unused = outputs.late == nullptr && outputs.bad == nullptr;
  auto fixed_plan = std::make_unique<const Plan>(std::move(plan));
  const uint64_t seed = options.hash_seed != 0 ? options.hash_seed : RandomSeed();
  const std::vector<size_t> key_slots = BatchPreparer(*fixed_plan, 0, seed).key_slots();
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<StreamFront> front,
                          StreamFront::Create(*fixed_plan, 0, key_slots));
  std::vector<Shard> shards;
  for (size_t i = 0; i < shard_count; ++i) {
    ONRUSH_ASSIGN_OR_RETURN(Shard shard, MakeShard(*fixed_plan, i, seed, key_slots));
    shards.push_back(std::move(shard));
  }
  std::vector<std::unique_ptr<Merger>> mergers;
  for (uint32_t query = 0; query < fixed_plan->queries.size(); ++query) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Merger> merger, MakeMerger(*fixed_plan, query));
    mergers.push_back(std::move(merger));
  }
  return std::unique_ptr<Engine>(new Engine(std::move(fixed_plan), options, outputs, seed,
                                            std::move(front), std::move(shards),
                                            std::move(mergers)));
}

Engine::Engine(std::unique_ptr<const Plan> plan, const EngineOptions& options,
               const EngineOutputs& outputs, uint64_t hash_seed, std::unique_ptr<StreamFront> front,
               std::vector<Shard> shards, std::vector<std::unique_ptr<Merger>> mergers)
    : plan_(std::move(plan)),
      options_(options),
      outputs_(outputs),
      hash_seed_(hash_seed),
      timer_(options.timers.empty() ? nullptr : options.timers[0]),
      preparer_(*plan_, 0, hash_seed),
      front_(std::move(front)),
      shards_(std::move(shards)),
      collector_(outputs.results, std::move(mergers)),
      side_output_(*plan_),
      batch_(NewBatch()) {
  std::vector<bool> flags_events;
  for (const QueryPlan& query : plan_->queries) {
    flags_events.push_back(std::holds_alternative<VelocityPlan>(query.kind));
  }
  collector_.Observe(outputs.flags, std::move(flags_events));
}

PreparedBatch Engine::NewBatch() const {
  PreparedBatch batch = preparer_.NewBatch(options_.batch_rows, shards_.size());
  collector_.Equip(batch);
  return batch;
}

absl::Status Engine::Run(Source& source, Format format, BatchObserver* observer) {
  return options_.shards == 0 ? RunInline(source, format, observer)
                              : RunParallel(source, format, observer);
}

absl::Status Engine::RunInline(Source& source, Format format, BatchObserver* observer) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Decoder> decoder,
                          MakeDecoder(plan_->streams[0], format));
  TextBlock block;
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const bool more, source.Next(block));
    if (!more) return source.ends_input() ? Finish() : absl::OkStatus();
    StageDone(timer_, Stage::kRead, {0, block.text.size()});
    ONRUSH_RETURN_IF_ERROR(Process(block, *decoder, observer));
  }
}

absl::Status Engine::RunParallel(Source& source, Format format, BatchObserver* observer) {
  const StreamPlan& stream = plan_->streams[0];
  ONRUSH_RETURN_IF_ERROR(MakeDecoder(stream, format).status());  // then it can be made again
  BatchHooks hooks;
  hooks.decoded = [observer](const EventBatch& batch) {
    return observer == nullptr ? absl::OkStatus() : observer->OnDecoded(batch);
  };
  hooks.collect = [this](PreparedBatch& batch) { return Collect(batch); };
  ParallelOptions parallel = options_.parallel;
  parallel.timers = options_.timers;
  ParallelRunner runner(
      *front_, shards_,
      [&] {
        return std::make_unique<BlockJob>(BatchPreparer(*plan_, 0, hash_seed_),
                                          MakeDecoder(stream, format).value());
      },
      [this] { return std::make_unique<PreparedBatch>(NewBatch()); }, std::move(hooks), parallel);
  return runner.Run(source);
}

absl::Status Engine::Process(const TextBlock& block, Decoder& decoder, BatchObserver* observer) {
  ONRUSH_CHECK(options_.shards == 0);
  ONRUSH_RETURN_IF_ERROR(decoder.Start(block));
  uint64_t bytes = block.text.size();  // count for the first batch
  bool more = true;
  while (more) {
    batch_.events.Clear();
    batch_.events.file = block.file;
    more = decoder.Decode(batch_.events);
    StageDone(timer_, Stage::kDecode, {batch_.events.size, std::exchange(bytes, 0)});
    if (batch_.events.size == 0 && batch_.events.outside == 0) continue;
    preparer_.Prepare(batch_);
    StageDone(timer_, Stage::kPrepare, {batch_.events.size});
    if (observer != nullptr) ONRUSH_RETURN_IF_ERROR(observer->OnDecoded(batch_.events));
    front_->Admit(batch_, timer_);
    shards_[0].Process(batch_, timer_);
    ONRUSH_RETURN_IF_ERROR(Collect(batch_));
  }
  return absl::OkStatus();
}

absl::Status Engine::Finish() {
  ONRUSH_CHECK(options_.shards == 0);
  batch_ = NewBatch();  // without rows or ticks
  shards_[0].Finish(front_->events_read(), batch_, timer_);
  return Collect(batch_);
}

absl::Status Engine::Collect(PreparedBatch& batch) {
  const uint64_t bytes_before = collector_.bytes();
  ONRUSH_RETURN_IF_ERROR(collector_.Collect(batch, timer_));
  ONRUSH_ASSIGN_OR_RETURN(const uint64_t side_bytes, WriteSideOutputs(batch));
  StageDone(timer_, Stage::kWrite,
            {batch.events.size, collector_.bytes() - bytes_before + side_bytes});
  return absl::OkStatus();
}

// Returns how many bytes.
absl::StatusOr<uint64_t> Engine::WriteSideOutputs(const PreparedBatch& batch) {
  uint64_t bytes = 0;
  if (outputs_.late != nullptr && !batch.late.empty()) {
    side_lines_.clear();
    side_output_.AppendLate(batch, side_lines_);
    bytes += side_lines_.size();
    ONRUSH_RETURN_IF_ERROR(outputs_.late->Write(side_lines_));
  }
  if (outputs_.bad != nullptr && !(batch.events.bad_rows.empty() && batch.rejected.empty())) {
    side_lines_.clear();
    side_output_.AppendBad(batch, side_lines_);
    bytes += side_lines_.size();
    ONRUSH_RETURN_IF_ERROR(outputs_.bad->Write(side_lines_));
  }
  return bytes;
}

Ledger Engine::ledger() const {
  Ledger ledger;
  ledger.streams.push_back(front_->ledger());
  ledger.queries.resize(plan_->queries.size());
  front_->AddQueryLedgers(ledger.queries);
  for (size_t query = 0; query < ledger.queries.size(); ++query) {
    ledger.queries[query].lines = collector_.lines_by_query()[query];
    for (const Shard& shard : shards_) {
      const Operator& state = *shard.operators()[query];
      ledger.queries[query].sum_overflows += state.sum_overflows();
      // The gate let them pass.
      ledger.queries[query].over_max_keys += state.over_max_keys();
      ledger.queries[query].counted -= state.over_max_keys();
    }
  }
  return ledger;
}

size_t Engine::key_count() const {
  size_t count = 0;
  for (const Shard& shard : shards_) {
    for (const auto& state : shard.operators()) count += state->key_count();
  }
  return count;
}

size_t Engine::state_bytes() const {
  size_t bytes = 0;
  for (const Shard& shard : shards_) {
    for (const auto& state : shard.operators()) bytes += state->memory_bytes();
  }
  return bytes;
}

std::vector<std::vector<StateSize>> Engine::sizes_at_end() const {
  std::vector<std::vector<StateSize>> sizes;
  for (const Shard& shard : shards_) sizes.push_back(shard.sizes_at_end());
  return sizes;
}

}  // namespace onrush
