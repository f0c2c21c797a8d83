#include <algorithm>
#include <map>

#include "tests/support/model_text.h"
#include "tests/support/model_time.h"
#include "tests/support/model_windowed.h"

namespace onrush::model {
namespace {

// KeyMembers and MeasureMembers joined: without a key there is no comma to begin with.
std::string KeyAndMeasures(const StreamPlan& stream, const QueryPlan& query, const Key& key,
                           const std::vector<const Event*>& events, const PaneOf& pane_of) {
  const auto& compute = std::get<AggregatePlan>(query.kind).compute;
  const std::string text =
      KeyMembers(stream, query.key, key) + MeasureMembers(compute, stream, events, pane_of);
  return key.empty() ? text.substr(1) : text;
}

class ModelWindowedAggregate : public ModelWindowed {
 public:
  using ModelWindowed::ModelWindowed;

 private:
  Key GroupOf(const Key& key) const override { return key; }

  std::string Render(const Key& group, const std::vector<const Event*>& events) const override {
    return KeyAndMeasures(stream(), query(), group, events,
                          [this](Int128 time) { return PaneOfTime(time); });
  }
};

class ModelRunning : public ModelOperator {
 public:
  ModelRunning(const Plan& plan, size_t query)
      : query_(plan.queries[query]), stream_(plan.streams[query_.stream]), query_index_(query) {}

  Verdict Offer(const Event& event, const Key& key) override {
    events_[key].push_back(&event);
    if (emit() == AggregatePlan::Emit::kChange) Tell(event.seq, event.time, key);
    return {.counted = 1, .missed = 0, .rejected = {}};
  }

  void Advance(uint64_t seq, Int128, Int128 to) override {
    if (to != kEndOfInput || emit() != AggregatePlan::Emit::kFinal) return;
    for (const auto& [key, events] : events_) {
      Int128 latest = events.front()->time;
      for (const Event* event : events) latest = std::max(latest, event->time);
      Tell(seq, latest, key);
    }
  }

 private:
  AggregatePlan::Emit emit() const { return std::get<AggregatePlan>(query_.kind).emit; }

  void Tell(uint64_t seq, Int128 time, const Key& key) {
    Line line;
    line.seq = seq;
    line.query = query_index_;
    line.time = time;
    line.key = key;
    line.text = "{\"query\":" + JsonString(query_.name) + ",\"seq\":" + std::to_string(seq) +
                ",\"time\":\"" + InstantText(time) + "\"," +
                KeyAndMeasures(stream_, query_, key, events_[key], [](Int128) { return 0; }) + '}';
    lines.push_back(line);
  }

  const QueryPlan& query_;
  const StreamPlan& stream_;
  const size_t query_index_;
  std::map<Key, std::vector<const Event*>> events_;
};

}  // namespace

std::unique_ptr<ModelOperator> MakeModelWindowedAggregate(const Plan& plan, size_t query) {
  return std::make_unique<ModelWindowedAggregate>(plan, query);
}

std::unique_ptr<ModelOperator> MakeModelRunning(const Plan& plan, size_t query) {
  return std::make_unique<ModelRunning>(plan, query);
}

}  // namespace onrush::model
