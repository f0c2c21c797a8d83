#include "tools/onrush/explain/explanation.h"

#include <algorithm>
#include <memory>

#include "core/status_macros.h"
#include "core/window.h"
#include "operators/make_operator.h"
#include "tools/engine/panes_kept.h"

namespace onrush {
namespace {

std::vector<Route> RoutesOf(const Plan& plan, size_t stream) {
  std::vector<Route> routes;
  for (size_t query = 0; query < plan.queries.size(); ++query) {
    const QueryPlan& query_plan = plan.queries[query];
    if (query_plan.stream != stream) continue;
    auto route = std::find_if(routes.begin(), routes.end(),
                              [&](const Route& known) { return known.key == query_plan.key; });
    if (route == routes.end()) route = routes.insert(route, Route{query_plan.key, {}});
    route->queries.push_back(query);
  }
  return routes;
}

Duration Sum(Duration a, Duration b) { return {SaturatingAdd(EventTime{a.ns}, b).ns}; }

QueryExplanation::Told ToldOf(const QueryPlan& query) {
  using Told = QueryExplanation::Told;
  if (query.window() != nullptr) return Told::kWindowEnd;
  if (std::holds_alternative<VelocityPlan>(query.kind)) return Told::kArrival;
  const bool final = std::get<AggregatePlan>(query.kind).emit == AggregatePlan::Emit::kFinal;
  return final ? Told::kEnd : Told::kEveryEvent;
}

absl::StatusOr<PanesExplanation> PanesOf(const StreamPlan& stream, const QueryPlan& query) {
  PanesExplanation panes;
  ONRUSH_ASSIGN_OR_RETURN(const WindowAssigner assigner, WindowAssigner::Create(*query.window()));
  panes.per_window = assigner.panes_per_window();
  ONRUSH_ASSIGN_OR_RETURN(panes.kept, PanesKept(stream, query));
  return panes;
}

absl::StatusOr<QueryExplanation> ExplainQuery(const Plan& plan, uint32_t index, uint64_t keys) {
  const QueryPlan& query = plan.queries[index];
  const StreamPlan& stream = plan.streams[query.stream];
  QueryExplanation explanation;
  explanation.told = ToldOf(query);
  if (query.window() != nullptr) {
    ONRUSH_ASSIGN_OR_RETURN(explanation.panes, PanesOf(stream, query));
  }
  if (query.window() != nullptr || explanation.told == QueryExplanation::Told::kArrival) {
    explanation.late_after = Sum(stream.max_out_of_orderness, query.allowed_lateness);
  }
  if (const auto* velocity = std::get_if<VelocityPlan>(&query.kind)) {
    explanation.events_kept = Sum(*explanation.late_after, velocity->within);
  }
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Merger> merger, MakeMerger(plan, index));
  explanation.merged = merger != nullptr;
  ONRUSH_ASSIGN_OR_RETURN(explanation.state, EstimateState(plan, index, keys));
  return explanation;
}

}  // namespace

absl::StatusOr<Explanation> Explain(const Plan& plan, uint64_t keys) {
  Explanation explanation{plan, {}, {}};
  for (size_t stream = 0; stream < plan.streams.size(); ++stream) {
    explanation.routes.push_back(RoutesOf(plan, stream));
  }
  for (uint32_t query = 0; query < plan.queries.size(); ++query) {
    ONRUSH_ASSIGN_OR_RETURN(QueryExplanation made, ExplainQuery(plan, query, keys));
    explanation.queries.push_back(std::move(made));
  }
  return explanation;
}

}  // namespace onrush
