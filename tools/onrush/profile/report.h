// What a profile says, as plain data.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/histogram.h"
#include "core/metrics/stage.h"
#include "tools/onrush/percentiles.h"

namespace onrush {

// A histogram in a few numbers, in nanoseconds.
struct Durations {
  uint64_t count = 0;
  uint64_t sum = 0;
  std::array<uint64_t, std::size(kPercentiles)> percentiles{};
  uint64_t max = 0;

  uint64_t median() const { return percentiles[0]; }
};
Durations Summarize(const Histogram& histogram);

struct StageProfile {
  Stage stage = Stage::kRead;
  std::string query;  // empty if the stage is no query's
  Durations own;      // each time, without stalls
  uint64_t events = 0;
  uint64_t bytes = 0;
  uint64_t allocations = 0;
  uint64_t steady_allocations = 0;
};

// One thread, or all of them: then times are sums.
struct ThreadProfile {
  std::string name;
  uint64_t wall_ns = 0;  // all stages but kRingWait, and the stalls
  uint64_t cpu_ns = 0;
  uint64_t switches_by_itself = 0;
  uint64_t switches_by_others = 0;
  Durations stalls;
  std::vector<StageProfile> stages;  // those that were at work
};

// What a host takes from its guest without telling it.
struct HostStalls {
  uint64_t watched_ns = 0;
  Durations stalls;
};

struct StateProfile {
  std::string query;
  size_t shard = 0;
  size_t keys = 0;
  size_t bytes = 0;
};

struct PageFaults {
  uint64_t minor = 0;
  uint64_t major = 0;
};

// A span of a run.
struct RunPart {
  uint64_t events = 0;
  PageFaults faults;  // of all threads
};

// What measuring cost, estimated: how often, times what it costs.
struct Overhead {
  uint64_t calls = 0;
  double ns_per_call = 0;
  uint64_t stall_checks = 0;
  double ns_per_stall_check = 0;

  double ns() const {
    return static_cast<double>(calls) * ns_per_call +
           static_cast<double>(stall_checks) * ns_per_stall_check;
  }
};

struct TraceProfile {
  uint64_t spans = 0;
  uint64_t spans_left_out = 0;
};

struct Profile {
  std::string pipeline;
  std::vector<std::string> queries;
  uint64_t events = 0;
  double elapsed_s = 0;
  uint64_t lines = 0;
  uint64_t digest = 0;
  std::vector<ThreadProfile> threads;  // the ingest thread, then the shards
  ThreadProfile all_threads;
  HostStalls host;
  std::vector<StateProfile> states;
  RunPart warm_up;     // the first half of the input
  RunPart steady;      // the second
  RunPart input_over;  // what was pending fires
  bool allocations_counted = false;
  Overhead overhead;
  std::optional<TraceProfile> trace;  // if spans were kept
};

}  // namespace onrush
