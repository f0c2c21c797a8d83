#include <algorithm>
#include <map>

#include "tests/support/model_text.h"
#include "tests/support/model_windowed.h"

namespace onrush::model {
namespace {

class ModelTopK : public ModelWindowed {
 public:
  ModelTopK(const Plan& plan, size_t query)
      : ModelWindowed(plan, query), top_k_(std::get<TopKPlan>(plan.queries[query].kind)) {}

 private:
  std::string Nothing() const override { return "\"top\":[]"; }
  Key GroupOf(const Key&) const override { return {}; }

  std::string Render(const Key&, const std::vector<const Event*>& events) const override {
    std::map<Key, std::vector<const Event*>> by_key;
    for (const Event* event : events) {
      Key key;
      for (const size_t column : query().key) key.push_back(event->values[column]);
      by_key[key].push_back(event);
    }
    std::vector<std::pair<Value, Key>> ranking;
    const auto pane_of = [this](Int128 time) { return PaneOfTime(time); };
    for (const auto& [key, key_events] : by_key) {
      const Value measure = Measure(top_k_.by, stream(), key_events, pane_of);
      if (!IsNull(measure)) ranking.emplace_back(measure, key);
    }
    // The keys are in order already: among equals the smaller one stays in front.
    std::stable_sort(ranking.begin(), ranking.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (ranking.size() > top_k_.k) ranking.resize(top_k_.k);
    return "\"top\":[" + Ranks(ranking) + ']';
  }

  std::string Ranks(const std::vector<std::pair<Value, Key>>& ranking) const {
    std::string text;
    size_t rank = 0;
    for (const auto& [measure, key] : ranking) {
      if (rank > 0) text += ',';
      text += "{\"rank\":" + std::to_string(++rank) + ',' + KeyMembers(stream(), query().key, key) +
              ',' + JsonString(top_k_.by.name) + ':' +
              JsonValue(measure, MeasureType(top_k_.by, stream())) + '}';
    }
    return text;
  }

  const TopKPlan& top_k_;
};

}  // namespace

std::unique_ptr<ModelOperator> MakeModelTopK(const Plan& plan, size_t query) {
  return std::make_unique<ModelTopK>(plan, query);
}

}  // namespace onrush::model
