#include "operators/aggregate_merger.h"

#include <utility>

namespace onrush {
namespace {

using Step = AggregateParts::Step;

}  // namespace

AggregateMerger::AggregateMerger(const Plan& plan, uint32_t query,
                                 std::unique_ptr<MergingAggregate> aggregate)
    : stream_(plan.streams[plan.queries[query].stream]),
      plan_(std::get<AggregatePlan>(plan.queries[query].kind)),
      aggregate_(std::move(aggregate)) {}

std::unique_ptr<PartialResults> AggregateMerger::NewPartial() const {
  return std::make_unique<AggregateParts>(stream_, plan_.compute);
}

void AggregateMerger::Merge(std::span<PartialResults* const> parts, ResultLines& results) {
  const OperatorOutput output{results, nullptr};
  next_.assign(parts.size(), 0);
  while (const Step* const step = MergeUpToTick(parts, output)) {
    if (step->kind == Step::Kind::kTick) {
      aggregate_->OnWatermark(step->watermark, step->seq, output);
    } else {
      aggregate_->OnEnd(step->seq, output);
    }
  }
}

const Step* AggregateMerger::MergeUpToTick(std::span<PartialResults* const> parts,
                                           const OperatorOutput& output) {
  const Step* tick = nullptr;
  for (size_t shard = 0; shard < parts.size(); ++shard) {
    const auto& from = static_cast<const AggregateParts&>(*parts[shard]);
    for (; next_[shard] < from.steps().size(); ++next_[shard]) {
      const Step& step = from.steps()[next_[shard]];
      if (step.kind != Step::Kind::kPart) {
        tick = &step;  // all shards have it here
        ++next_[shard];
        break;
      }
      aggregate_->AddPart(step.part, from.measures(), output);
    }
  }
  return tick;
}

}  // namespace onrush
