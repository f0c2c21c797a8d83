#include "tools/engine/engine.h"

#include <random>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "operators/make_operator.h"

namespace onrush {
namespace {

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace

absl::Status EngineOptions::Validate() const {
  constexpr size_t kMaxBatchRows = 1 << 20;
  if (batch_rows < 1 || batch_rows > kMaxBatchRows) {
    return absl::InvalidArgumentError(fmt::format(
        "batch_rows: found {}; right would be a number from 1 to {}", batch_rows, kMaxBatchRows));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(Plan plan, const EngineOptions& options,
                                                       const EngineOutputs& outputs) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  if (plan.streams.size() != 1) {
    return absl::InvalidArgumentError(
        fmt::format("the pipeline has {} streams; right would be one", plan.streams.size()));
  }
  auto shared_plan = std::make_unique<const Plan>(std::move(plan));
  const uint64_t seed = options.hash_seed != 0 ? options.hash_seed : RandomSeed();
  BatchPreparer preparer(*shared_plan, 0, seed);
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<StreamFront> front,
                          StreamFront::Create(*shared_plan, 0, preparer.key_slots()));
  std::vector<std::unique_ptr<Operator>> operators;
  std::vector<std::unique_ptr<Merger>> mergers;
  for (uint32_t query = 0; query < shared_plan->queries.size(); ++query) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Operator> made,
                            MakeOperator(*shared_plan, query, seed));
    operators.push_back(std::move(made));
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Merger> merger, MakeMerger(*shared_plan, query));
    mergers.push_back(std::move(merger));
  }
  return std::unique_ptr<Engine>(new Engine(std::move(shared_plan), options, outputs,
                                            std::move(preparer), std::move(front),
                                            std::move(operators), std::move(mergers)));
}

Engine::Engine(std::unique_ptr<const Plan> plan, const EngineOptions& options,
               const EngineOutputs& outputs, BatchPreparer preparer,
               std::unique_ptr<StreamFront> front, std::vector<std::unique_ptr<Operator>> operators,
               std::vector<std::unique_ptr<Merger>> mergers)
    : plan_(std::move(plan)),
      outputs_(outputs),
      preparer_(std::move(preparer)),
      front_(std::move(front)),
      shard_(*plan_, 0, std::move(operators), preparer_.key_slots()),
      collector_(outputs.results, std::move(mergers)),
      side_output_(*plan_),
      batch_(preparer_.NewBatch(options.batch_rows, 1)) {
  collector_.Equip(batch_);
}

absl::Status Engine::Process(const TextBlock& block, Decoder& decoder, BatchObserver* observer) {
  ONRUSH_RETURN_IF_ERROR(decoder.Start(block));
  bool more = true;
  while (more) {
    batch_.events.Clear();
    batch_.events.file = block.file;
    more = decoder.Decode(batch_.events);
    if (batch_.events.size == 0) continue;
    if (observer != nullptr) ONRUSH_RETURN_IF_ERROR(observer->OnDecoded(batch_.events));
    ONRUSH_RETURN_IF_ERROR(ProcessBatch());
  }
  return absl::OkStatus();
}

absl::Status Engine::ProcessBatch() {
  preparer_.Prepare(batch_);
  front_->Admit(batch_);
  shard_.Process(batch_);
  ONRUSH_RETURN_IF_ERROR(collector_.Collect(batch_));
  return WriteSideOutputs();
}

absl::Status Engine::WriteSideOutputs() {
  if (outputs_.late != nullptr && !batch_.late.empty()) {
    side_lines_.clear();
    side_output_.AppendLate(batch_, side_lines_);
    ONRUSH_RETURN_IF_ERROR(outputs_.late->Write(side_lines_));
  }
  if (outputs_.bad != nullptr && !(batch_.events.bad_rows.empty() && batch_.rejected.empty())) {
    side_lines_.clear();
    side_output_.AppendBad(batch_, side_lines_);
    ONRUSH_RETURN_IF_ERROR(outputs_.bad->Write(side_lines_));
  }
  return absl::OkStatus();
}

absl::Status Engine::Finish() {
  batch_.ticks.clear();
  shard_.Finish(front_->events_read(), batch_);
  return collector_.Collect(batch_);
}

Ledger Engine::ledger() const {
  Ledger ledger;
  ledger.streams.push_back(front_->ledger());
  ledger.queries.resize(plan_->queries.size());
  front_->AddQueryLedgers(ledger.queries);
  for (size_t query = 0; query < ledger.queries.size(); ++query) {
    ledger.queries[query].lines = collector_.lines_by_query()[query];
    ledger.queries[query].sum_overflows = shard_.operators()[query]->sum_overflows();
  }
  return ledger;
}

size_t Engine::key_count() const {
  size_t count = 0;
  for (const auto& state : shard_.operators()) count += state->key_count();
  return count;
}

size_t Engine::state_bytes() const {
  size_t bytes = 0;
  for (const auto& state : shard_.operators()) bytes += state->memory_bytes();
  return bytes;
}

}  // namespace onrush
