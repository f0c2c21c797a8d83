#include "tests/support/model_operators.h"

#include "tests/support/model_text.h"

namespace onrush::model {

std::string KeyMembers(const StreamPlan& stream, const std::vector<size_t>& columns,
                       const Key& key) {
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ',';
    text += JsonString(stream.column_name(columns[i])) + ':' +
            JsonValue(key[i], stream.column_type(columns[i]));
  }
  return text;
}

std::unique_ptr<ModelOperator> MakeModelOperator(const Plan& plan, size_t query) {
  const auto& kind = plan.queries[query].kind;
  if (std::holds_alternative<TopKPlan>(kind)) return MakeModelTopK(plan, query);
  if (std::holds_alternative<VelocityPlan>(kind)) return MakeModelVelocity(plan, query);
  if (plan.queries[query].window() == nullptr) return MakeModelRunning(plan, query);
  return MakeModelWindowedAggregate(plan, query);
}

}  // namespace onrush::model
