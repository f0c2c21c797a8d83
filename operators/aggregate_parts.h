// What a shard counted of an aggregate without a key, to be merged with what others did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/plan.h"
#include "core/runtime/merger.h"
#include "core/runtime/operator.h"
#include "core/time.h"
#include "operators/accumulators.h"

namespace onrush {

// Some events of one pane, counted. A query without a window has one pane, number 0.
struct AggregatePart {
  int64_t pane = 0;
  uint64_t seq = 0;    // of the last event
  EventTime max_time;  // of all; not of a query with a window, which does not ask
  size_t slot = 0;     // of the accumulators
};

// Description
//   What happened on a shard during a batch: parts, and between them the ticks of the watermark,
//   which all shards see alike. Between two ticks, parts of one pane, and parts of panes that were
//   told already, come in the order of their events; other panes in any order.
// Threads
//   One at a time.
class AggregateParts final : public PartialResults {
 public:
  struct Step {
    enum class Kind : uint8_t { kPart, kTick, kEnd } kind;
    AggregatePart part;   // kPart
    EventTime watermark;  // kTick
    uint64_t seq = 0;     // kTick: of the event that moved it; kEnd: the number of events read
  };

  AggregateParts(const StreamPlan& stream, const std::vector<MeasurePlan>& measures);

  // A new part, without events; valid until the next call.
  AggregatePart& AddPart(int64_t pane);
  void AddTick(EventTime watermark, uint64_t seq);
  void AddEnd(uint64_t events_read);

  std::vector<Step>& steps() { return steps_; }
  const std::vector<Step>& steps() const { return steps_; }
  // By measure; a part's are in its slot.
  const std::vector<std::unique_ptr<Accumulators>>& measures() const { return measures_; }

  bool empty() const override { return steps_.empty(); }
  void Clear() override;

 private:
  std::vector<Step> steps_;
  std::vector<std::unique_ptr<Accumulators>> measures_;
  size_t slots_ = 0;
};

// An aggregate that can be told parts instead of events.
class MergingAggregate : public Operator {
 public:
  // Counts a part whose accumulators, by measure, stand in `measures`. Requires: the query has no
  // key; parts come in an order of AggregateParts.
  virtual void AddPart(const AggregatePart& part,
                       const std::vector<std::unique_ptr<Accumulators>>& measures,
                       const OperatorOutput& output) = 0;
};

}  // namespace onrush
