#include "operators/aggregate_parts.h"

namespace onrush {

AggregateParts::AggregateParts(const StreamPlan& stream, const std::vector<MeasurePlan>& measures) {
  for (const MeasurePlan& measure : measures) {
    measures_.push_back(MakeAccumulators(stream, measure));
  }
}

AggregatePart& AggregateParts::AddPart(int64_t pane) {
  Step& step = steps_.emplace_back();
  step.kind = Step::Kind::kPart;
  step.part.pane = pane;
  step.part.max_time = kMinEventTime;
  step.part.slot = slots_++;
  for (const auto& measure : measures_) measure->Resize(slots_);
  return step.part;
}

void AggregateParts::AddTick(EventTime watermark, uint64_t seq) {
  Step& step = steps_.emplace_back();
  step.kind = Step::Kind::kTick;
  step.watermark = watermark;
  step.seq = seq;
}

void AggregateParts::AddEnd(uint64_t events_read) {
  Step& step = steps_.emplace_back();
  step.kind = Step::Kind::kEnd;
  step.seq = events_read;
}

void AggregateParts::Clear() {
  steps_.clear();
  slots_ = 0;
  for (const auto& measure : measures_) measure->Resize(0);
}

}  // namespace onrush
