#include "tools/onrush/profile/profiler.h"

#include "fmt/format.h"
#include "tools/onrush/allocation_count.h"
#include "tools/onrush/profile/host_stalls.h"
#include "tools/onrush/profile/overhead.h"
#include "tools/onrush/profile/page_faults.h"

namespace onrush {
namespace {

// What several threads' stopwatches say of one stage (of one query).
StageProfile MakeStage(const std::vector<const StageTimer*>& timers, Stage stage, size_t query,
                       const Plan& plan) {
  StageProfile profile;
  profile.stage = stage;
  if (IsOfQuery(stage)) profile.query = plan.queries[query].name;
  Histogram own;
  for (const StageTimer* timer : timers) {
    const StageFigures& figures = timer->figures(stage, query);
    own.Merge(figures.own);
    profile.events += figures.events.value();
    profile.bytes += figures.bytes.value();
    profile.allocations += figures.allocations.value();
    profile.steady_allocations += figures.steady_allocations.value();
  }
  profile.own = Summarize(own);
  return profile;
}

}  // namespace

void Profiler::BeforeEngine(const Plan& plan, EngineOptions& engine) {
  profile_.host = WatchForHostStalls(options_.host_watch_ns);
  profile_.allocations_counted = allocation_count != nullptr;
  timer_options_ = {.queries = plan.queries.size(),
                    .find_stalls = true,
                    .span_capacity = options_.span_capacity,
                    .allocation_count = allocation_count};
  for (size_t i = 0; i < engine.shards + 1; ++i) {
    timers_.push_back(std::make_unique<StageTimer>(timer_options_));
    engine.timers.push_back(timers_.back().get());
  }
}

void Profiler::OnStart() {
  part_faults_ = PageFaultsSoFar();
  timers_[0]->Begin();
}

void Profiler::OnBlock(const ProgressFigures& figures) {
  if (warm_ || !IsWarm(figures)) return;
  warm_ = true;
  EndPart(profile_.warm_up, figures.events);
  SetSteady(true);
}

bool Profiler::IsWarm(const ProgressFigures& figures) const {
  return figures.bytes_total > 0 ? figures.bytes_read >= figures.bytes_total / 2
                                 : figures.events >= kWarmUpEvents;
}

void Profiler::OnInputEnd(const ProgressFigures& figures) {
  EndPart(warm_ ? profile_.steady : profile_.warm_up, figures.events);
  SetSteady(false);
}

void Profiler::SetSteady(bool steady) {
  for (const auto& timer : timers_) timer->SetSteady(steady);
}

void Profiler::EndPart(RunPart& part, uint64_t events) {
  const PageFaults faults = PageFaultsSoFar();
  part = {.events = events - part_events_, .faults = faults - part_faults_};
  part_events_ = events;
  part_faults_ = faults;
}

void Profiler::OnStop() {
  timers_[0]->End();
  EndPart(profile_.input_over, part_events_);
}

void Profiler::OnEnd(const Engine& engine, const RunReport& report) {
  profile_.pipeline = report.plan.name;
  for (const QueryPlan& query : report.plan.queries) profile_.queries.push_back(query.name);
  profile_.events = engine.events_read();
  profile_.input_over.events = engine.events_read() - part_events_;  // they were on their way
  profile_.elapsed_s = report.elapsed_s;
  profile_.lines = report.lines;
  profile_.digest = report.digest;
  std::vector<const StageTimer*> all;
  for (size_t i = 0; i < timers_.size(); ++i) {
    all.push_back(timers_[i].get());
    profile_.threads.push_back(ProfileOf({timers_[i].get()}, report.plan));
    profile_.threads.back().name = i == 0 ? "ingest" : fmt::format("shard {}", i - 1);
  }
  profile_.all_threads = ProfileOf(all, report.plan);
  profile_.all_threads.name = "all threads";
  AddStates(engine);
  AddOverhead();
  if (options_.span_capacity > 0) AddTrace();
}

ThreadProfile Profiler::ProfileOf(const std::vector<const StageTimer*>& timers,
                                  const Plan& plan) const {
  ThreadProfile profile;
  Histogram stalls;
  for (const StageTimer* timer : timers) {
    const ThreadClocks& began = timer->began();
    const ThreadClocks& ended = timer->ended();
    profile.wall_ns += ended.wall_ns - began.wall_ns;
    profile.cpu_ns += ended.cpu_ns - began.cpu_ns;
    profile.switches_by_itself += ended.switches_by_itself - began.switches_by_itself;
    profile.switches_by_others += ended.switches_by_others - began.switches_by_others;
    stalls.Merge(timer->stalls());
  }
  profile.stalls = Summarize(stalls);
  for (size_t i = 0; i < kStageCount; ++i) {
    const Stage stage = static_cast<Stage>(i);
    for (size_t query = 0; query < (IsOfQuery(stage) ? plan.queries.size() : 1); ++query) {
      StageProfile made = MakeStage(timers, stage, query, plan);
      if (made.own.count > 0) profile.stages.push_back(std::move(made));
    }
  }
  return profile;
}

void Profiler::AddStates(const Engine& engine) {
  const std::vector<std::vector<StateSize>> sizes = engine.sizes_at_end();
  for (size_t query = 0; query < engine.plan().queries.size(); ++query) {
    for (size_t shard = 0; shard < sizes.size(); ++shard) {
      const StateSize& size = sizes[shard][query];
      profile_.states.push_back({engine.plan().queries[query].name, shard, size.keys, size.bytes});
    }
  }
}

void Profiler::AddTrace() {
  profile_.trace.emplace();
  for (const auto& timer : timers_) {
    profile_.trace->spans += timer->spans().size();
    profile_.trace->spans_left_out += timer->spans_left_out();
  }
}

void Profiler::AddOverhead() {
  for (const auto& timer : timers_) {
    profile_.overhead.calls += timer->calls();
    profile_.overhead.stall_checks += timer->stall_checks();
  }
  MeasureCosts(timer_options_, profile_.overhead);
}

}  // namespace onrush
