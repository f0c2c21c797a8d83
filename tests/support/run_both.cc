#include "tests/support/run_both.h"

#include "doctest/doctest.h"
#include "tests/support/compare_results.h"
#include "tests/support/model.h"
#include "tests/support/run_engine.h"

namespace onrush {

RunResult RunBoth(const Plan& plan, const std::string& text) {
  const InputText input{0, "in.csv", text};
  RunResult result = RunEngine(plan, input, EngineSettings{3, 256});
  CHECK(FirstDifference(RunModel(plan, input), result) == "");
  return result;
}

}  // namespace onrush
