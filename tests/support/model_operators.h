// The model's three operators. Each keeps all its events and computes from scratch.
#pragma once

#include <memory>

#include "tests/support/model_event.h"

namespace onrush::model {

// The operator of query `query` of the plan.
std::unique_ptr<ModelOperator> MakeModelOperator(const Plan& plan, size_t query);

std::unique_ptr<ModelOperator> MakeModelVelocity(const Plan& plan, size_t query);
std::unique_ptr<ModelOperator> MakeModelRunning(const Plan& plan, size_t query);
std::unique_ptr<ModelOperator> MakeModelTopK(const Plan& plan, size_t query);
std::unique_ptr<ModelOperator> MakeModelWindowedAggregate(const Plan& plan, size_t query);

}  // namespace onrush::model
