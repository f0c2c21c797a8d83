#include "operators/accumulators.h"

#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

TEST_SUITE("operators/accumulators") {
  TEST_CASE("memory is told with all that the slots refer to") {
    const StreamPlan stream = MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                                         {{"ts", kTimestampType}, {"user", kStringType}});
    EventBatch batch(stream, 0, 64);
    for (batch.size = 0; batch.size < 64; ++batch.size) {
      batch.columns[1].strings[batch.size] = batch.arena.Copy(fmt::format("{:064}", batch.size));
    }
    for (const auto kind : {MeasurePlan::Kind::kDistinct, MeasurePlan::Kind::kMax}) {
      const auto measure = MakeAccumulators(stream, {kind, 1, "m"});
      measure->Resize(1);
      const size_t empty = measure->memory_bytes();
      const uint32_t slot = 0;
      for (uint32_t row = 0; row < 64; ++row) measure->Add(batch, std::span(&row, 1), &slot);
      const size_t kept = kind == MeasurePlan::Kind::kDistinct ? 64 : 1;
      CHECK(measure->memory_bytes() >= empty + kept * 64);
    }
  }
}

}  // namespace
}  // namespace onrush
