#include <cstdint>
#include <optional>
#include <vector>

#include "doctest/doctest.h"
#include "tools/onrush/pacer.h"

namespace onrush {
namespace {

StreamPlan TimesOnly() {
  StreamPlan stream;
  stream.name = "s";
  stream.fields = {{"ts", {TypeKind::kTimestamp}}};
  return stream;
}

EventBatch BatchOf(const StreamPlan& stream, const std::vector<int64_t>& seconds) {
  EventBatch batch(stream, 0, 8);
  for (const int64_t second : seconds) {
    batch.columns[0].ints[batch.size++] = second * kNanosPerSecond;
  }
  return batch;
}

constexpr ProcessingTime kStart{1'000 * kNanosPerSecond};

ProcessingTime After(double seconds) {
  return {kStart.ns + static_cast<int64_t>(seconds * kNanosPerSecond)};
}

}  // namespace

TEST_SUITE("tools/onrush/pacer") {
  TEST_CASE("the first event is due at once, the others as event time passes") {
    const StreamPlan stream = TimesOnly();
    Pacer pacer(stream, 10);
    CHECK(pacer.DueTime(BatchOf(stream, {500}), kStart) == kStart);
    CHECK(pacer.DueTime(BatchOf(stream, {520}), After(7)) == After(2));
  }

  TEST_CASE("an event behind an earlier one waits for nothing more") {
    const StreamPlan stream = TimesOnly();
    Pacer pacer(stream, 1);
    pacer.DueTime(BatchOf(stream, {500, 510}), kStart);
    CHECK(pacer.DueTime(BatchOf(stream, {400}), kStart) == After(10));
  }

  TEST_CASE("bad events and those outside the guards have no say") {
    StreamPlan stream = TimesOnly();
    stream.valid_from = EventTime{100 * kNanosPerSecond};
    stream.valid_until = EventTime{1'000 * kNanosPerSecond};
    Pacer pacer(stream, 1);
    EventBatch batch = BatchOf(stream, {99, 300, 200, 1'000, 900});
    batch.MarkBad(4, "out of order");
    CHECK(pacer.DueTime(batch, kStart) == kStart);
    CHECK(pacer.DueTime(BatchOf(stream, {301}), kStart) == After(1));
  }

  TEST_CASE("nothing is awaited before the first good event") {
    const StreamPlan stream = TimesOnly();
    Pacer pacer(stream, 1);
    EventBatch batch = BatchOf(stream, {7});
    batch.MarkBad(0, "no time");
    CHECK(pacer.DueTime(batch, After(3)) == After(3));
    CHECK(pacer.DueTime(BatchOf(stream, {500}), After(4)) == After(4));
  }

  TEST_CASE("the ends of event time are far away, not in the past") {
    const StreamPlan stream = TimesOnly();
    Pacer pacer(stream, 1);
    EventBatch batch = BatchOf(stream, {0, 0});
    batch.columns[0].ints[0] = kMinEventTime.ns;
    batch.columns[0].ints[1] = kMaxEventTime.ns;
    CHECK(pacer.DueTime(batch, kStart) > After(1e9));
  }

  TEST_CASE("a speed is max or a number and x") {
    CHECK(*ParseSpeed("max") == std::nullopt);
    CHECK(*ParseSpeed("1x") == std::optional(1.0));
    CHECK(*ParseSpeed("0.5x") == std::optional(0.5));
    for (const std::string_view wrong :
         {"", "x", "10", "0x", "-1x", "1xx", "fast", "nanx", "1e9x"}) {
      CAPTURE(wrong);
      CHECK(ParseSpeed(wrong).status().code() == absl::StatusCode::kInvalidArgument);
    }
  }
}

}  // namespace onrush
