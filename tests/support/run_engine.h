// Runs the engine over a text, for tests.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/plan.h"
#include "core/runtime/source.h"
#include "tests/support/run_result.h"

namespace onrush {

struct EngineSettings {
  size_t batch_rows = 1024;
  size_t block_bytes = 64 * 1024;
  size_t shards = 0;
  bool side_outputs = true;  // late and bad
  uint64_t hash_seed = 0;    // 0: another one in every run
};

// Replays `input` to its end. Failures of set-up or of the run fail the test case.
RunResult RunEngine(const Plan& plan, const InputText& input, const EngineSettings& settings = {});

// The same with any source.
RunResult RunEngine(const Plan& plan, Source& source, Format format,
                    const EngineSettings& settings);

}  // namespace onrush
