// Pipelines over recorded events.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "tests/support/run_engine.h"
#include "tests/support/run_result.h"

namespace onrush::realdata {

// The plan of a pipeline file's text. Errors fail the test case, as below.
Plan ParsePlan(std::string_view pipeline);

// Replays a file as the program does, on one thread and on several; all must give the same. The
// pipeline must name the format.
RunResult ReplayFile(const Plan& plan, const std::string& path);

// Replays a text, read from a file of that name, with small and large batches and blocks, on one
// thread and on several; all must give the same. Returns it.
RunResult ReplayInManyWays(const Plan& plan, const std::string& file, std::string_view text);

// The result lines of one query, in their order.
std::string LinesOf(std::string_view results, std::string_view query);

// The lines without the numbers of events, `seq` and `event_seq`, which tell how many came before.
std::string WithoutNumbers(std::string_view results);

// Empty if both runs say the same, else where they differ first.
std::string Difference(const RunResult& expected, const RunResult& actual);
// The same of two texts.
std::string Difference(std::string_view expected, std::string_view actual);

// Checks that every event was booked once in each query.
void CheckBalance(const RunResult& result);

}  // namespace onrush::realdata
