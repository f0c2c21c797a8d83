#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/support/model_operators.h"
#include "tests/support/model_rational.h"
#include "tests/support/model_text.h"
#include "tests/support/model_time.h"

namespace onrush::model {
namespace {

class ModelVelocity : public ModelOperator {
 public:
  ModelVelocity(const Plan& plan, size_t query)
      : query_(plan.queries[query]),
        stream_(plan.streams[query_.stream]),
        plan_(std::get<VelocityPlan>(query_.kind)),
        query_index_(query) {}

  Verdict Offer(const Event& event, const Key& key) override {
    if (event.time + query_.allowed_lateness.ns < event.watermark_before) {
      return {.counted = 0, .missed = 1, .rejected = {}};
    }
    if (IsNegative(event)) return {.counted = 0, .missed = 0, .rejected = Complaint(event)};
    History& history = keys_[key];
    // By event time, then arrival.
    const auto place =
        std::upper_bound(history.events.begin(), history.events.end(), &event,
                         [](const Event* a, const Event* b) { return a->time < b->time; });
    history.events.insert(place, &event);
    for (const Event* candidate : history.events) {
      if (history.flagged.contains(candidate)) continue;
      const Trailing trailing = Look(history, *candidate);
      if (!Meets(trailing)) continue;
      history.flagged.insert(candidate);
      if (!CoolingDown(history, candidate->time)) Tell(event.seq, *candidate, trailing, key);
    }
    return {.counted = 1, .missed = 0, .rejected = {}};
  }

  void Advance(uint64_t, Int128, Int128) override {}

 private:
  struct History {
    std::vector<const Event*> events;
    std::set<const Event*> flagged;
    std::vector<Int128> told;  // times of the flags that came out
  };
  // The trailing window of an event.
  struct Trailing {
    Int128 count = 0;
    std::set<Value> distinct;
    Value sum;
  };

  bool IsNegative(const Event& event) const {
    if (!plan_.sum) return false;
    const Value& value = event.values[plan_.sum->column];
    if (const auto* exact = std::get_if<Int128>(&value)) return *exact < 0;
    if (const auto* real = std::get_if<double>(&value)) return *real < 0;
    return false;
  }

  std::string Complaint(const Event& event) const {
    const size_t column = plan_.sum->column;
    return query_.name + ": " + stream_.column_name(column) + ": negative value: '" +
           JsonValue(event.values[column], stream_.column_type(column)) + "'";
  }

  bool SumIsFloat() const {
    return stream_.column_type(plan_.sum->column).kind == TypeKind::kFloat;
  }

  Trailing Look(const History& history, const Event& event) const {
    Trailing trailing;
    if (plan_.sum) trailing.sum = SumIsFloat() ? Value(0.0) : Value(Int128{0});
    for (const Event* other : history.events) {
      if (other->time < event.time - plan_.within.ns || other->time > event.time) continue;
      ++trailing.count;
      if (plan_.distinct) {
        const Value& value = other->values[plan_.distinct->column];
        if (!IsNull(value)) trailing.distinct.insert(value);
      }
      if (plan_.sum) AddTo(trailing.sum, other->values[plan_.sum->column]);
    }
    return trailing;
  }

  static void AddTo(Value& sum, const Value& value) {
    if (const auto* exact = std::get_if<Int128>(&value)) std::get<Int128>(sum) += *exact;
    if (const auto* real = std::get_if<double>(&value)) std::get<double>(sum) += *real;
  }

  bool Meets(const Trailing& trailing) const {
    if (plan_.count_over && trailing.count <= *plan_.count_over) return false;
    if (plan_.distinct &&
        static_cast<Int128>(trailing.distinct.size()) < plan_.distinct->at_least) {
      return false;
    }
    return !plan_.sum || SumExceeds(trailing.sum);
  }

  bool SumExceeds(const Value& sum) const {
    const std::string& amount = plan_.sum->text;
    if (SumIsFloat()) return std::get<double>(sum) > std::strtod(amount.c_str(), nullptr);
    const ValueType type = stream_.column_type(plan_.sum->column);
    const Rational exact = *Reduced(std::get<Int128>(sum),
                                    PowerOfTen(type.kind == TypeKind::kDecimal ? type.scale : 0));
    const size_t point = std::min(amount.find('.'), amount.size());
    const int scale = static_cast<int>(amount.size() - std::min(point + 1, amount.size()));
    const Value digits = *ParseValue(amount, {TypeKind::kDecimal, static_cast<uint8_t>(scale)});
    return Compare(exact, *Reduced(std::get<Int128>(digits), PowerOfTen(scale))) > 0;
  }

  bool CoolingDown(const History& history, Int128 time) const {
    if (!plan_.cooldown) return false;
    for (const Int128 told : history.told) {
      if (told <= time && time <= told + plan_.cooldown->ns) return true;
    }
    return false;
  }

  void Tell(uint64_t seq, const Event& event, const Trailing& trailing, const Key& key) {
    keys_[key].told.push_back(event.time);
    Line line;
    line.seq = seq;
    line.query = query_index_;
    line.time = event.time;
    line.key = key;
    line.event_seq = event.seq;
    line.text = "{\"query\":" + JsonString(query_.name) + ",\"seq\":" + std::to_string(seq) +
                ",\"event_seq\":" + std::to_string(event.seq) + ",\"time\":\"" +
                InstantText(event.time) + "\"," + KeyMembers(stream_, query_.key, key) +
                ",\"count\":" + JsonValue(trailing.count, {TypeKind::kInt}) +
                ConditionMembers(trailing) + ",\"window_start\":\"" +
                InstantText(event.time - plan_.within.ns) + "\"}";
    lines.push_back(line);
  }

  std::string ConditionMembers(const Trailing& trailing) const {
    std::string text;
    if (plan_.distinct) {
      text += ',' + JsonString("distinct_" + stream_.column_name(plan_.distinct->column)) + ':' +
              std::to_string(trailing.distinct.size());
    }
    if (plan_.sum) {
      text += ',' + JsonString("sum_" + stream_.column_name(plan_.sum->column)) + ':' +
              JsonValue(trailing.sum, stream_.column_type(plan_.sum->column));
    }
    return text;
  }

  const QueryPlan& query_;
  const StreamPlan& stream_;
  const VelocityPlan& plan_;
  const size_t query_index_;
  std::map<Key, History> keys_;
};

}  // namespace

std::unique_ptr<ModelOperator> MakeModelVelocity(const Plan& plan, size_t query) {
  return std::make_unique<ModelVelocity>(plan, query);
}

}  // namespace onrush::model
