// Random plans with random inputs that fit them, for comparing the engine with the model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/plan.h"
#include "tests/support/random_source.h"
#include "tests/support/run_result.h"

namespace onrush {

// What a case plays with in time. All spans of its plan are chosen in steps of its clock, so that
// windows, bounds and events meet.
struct TimeTheme {
  int64_t origin_ns = 0;  // where the events begin
  int64_t step_ns = 1000;
  std::string zone;         // not empty: near a clock change of this zone …
  int64_t change_ns = 0;    // … at this instant
  bool huge_spans = false;  // some spans of centuries
};

struct RandomCase {
  Plan plan;
  InputText input;
};

// The case of a seed; the same on every machine.
RandomCase MakeRandomCase(uint64_t seed);

TimeTheme RandomTheme(RandomSource& random);
// A valid plan of one stream. Expressions have their text and their tree.
Plan RandomPlan(const TimeTheme& theme, RandomSource& random);
// An input for its stream: disorder, gaps, ties, nulls, bad lines, quotes, blank lines.
InputText RandomInput(const Plan& plan, const TimeTheme& theme, RandomSource& random);

// The text of a predicate or of an arithmetic expression over the first `columns` columns, the
// latter with divisions or without.
std::string RandomPredicate(const StreamPlan& stream, size_t columns, RandomSource& random);
std::string RandomArithmetic(const StreamPlan& stream, size_t columns, bool divide,
                             RandomSource& random);

// A text of a time in the format, perhaps of a neighbouring instant where it cannot say it exactly.
// The time may lie a little outside event time.
std::string RandomTimeText(const TimeFormat& format, Int128 time_ns, RandomSource& random);

}  // namespace onrush
