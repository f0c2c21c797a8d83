// Made-up input in the order of its arrival, for demonstrations and benchmarks.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "core/runtime/sink.h"
#include "core/time.h"
#include "tools/onrush/gen/workload.h"

namespace onrush::gen {

// One event arrives every 1 / events_per_second; it happened a random time before that.
struct GeneratorOptions {
  WorkloadKind kind = WorkloadKind::kClicks;
  Format format = Format::kCsv;
  bool any_order = false;  // JSON Lines: of the members of each line
  uint64_t events = 1'000'000;
  uint64_t seed = 1;
  uint64_t keys = 10'000;                            // pages, cards or SKUs; 1 to kMaxKeys
  uint64_t events_per_second = 1000;                 // of event time, on average; 1 to 10^9
  EventTime start{1'772'438'400 * kNanosPerSecond};  // of arrival: 2026-03-02T08:00:00Z
  Duration disorder;                                 // the largest usual delay; whole ms
  double late_share = 0;                             // of events delayed beyond `disorder`; 0 to 1
  Duration late_by{30 * 60 * kNanosPerSecond};       // the largest further delay; whole ms, > 0

  // With the number of keys and the rate that suit `kind`.
  static GeneratorOptions For(WorkloadKind kind);

  // Fails with kInvalidArgument, naming the flag of `onrush gen`.
  absl::Status Validate() const;
};

// Writes `options.events` lines (after a header, if CSV) to `sink`: the same bytes for the same
// options on every machine. Does not finish the sink. About 10 million events a second.
absl::Status Generate(const GeneratorOptions& options, LineSink& sink);

}  // namespace onrush::gen
