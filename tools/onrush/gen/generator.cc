#include "tools/onrush/gen/generator.h"

#include "core/status_macros.h"
#include "fmt/format.h"
#include "tools/onrush/flag_values.h"
#include "tools/onrush/gen/random.h"

namespace onrush::gen {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

// The times of events in the order of their arrival. A usual event's delay is uniform up to the
// disorder, so no event is ever further than that behind the largest time before it; a late one's
// lies beyond the disorder.
class EventTimes {
 public:
  EventTimes(const GeneratorOptions& options, uint64_t seed)
      : options_(options),
        random_(seed),
        late_below_(static_cast<uint64_t>(options.late_share * 4'294'967'296.0)) {}

  // Milliseconds since 1970 of event `number`.
  int64_t TimeOf(uint64_t number) {
    const uint64_t rate = options_.events_per_second;
    const auto arrival = static_cast<int64_t>(number / rate * kNanosPerSecond +
                                              number % rate * kNanosPerSecond / rate);
    const bool late = (random_.Next() >> 32) < late_below_;
    const int64_t delay =
        late ? options_.disorder.ns + Uniform(options_.late_by) : Uniform(options_.disorder);
    return FloorDiv(options_.start.ns + arrival - delay, kNanosPerMilli);
  }

 private:
  int64_t Uniform(Duration up_to) {
    return static_cast<int64_t>(random_.Below(static_cast<uint64_t>(up_to.ns) + 1));
  }

  const GeneratorOptions& options_;
  Random random_;
  uint64_t late_below_;  // of 2^32
};

bool IsWholeMillis(Duration span) { return span.ns >= 0 && span.ns % kNanosPerMilli == 0; }

}  // namespace

GeneratorOptions GeneratorOptions::For(WorkloadKind kind) {
  GeneratorOptions options;
  options.kind = kind;
  switch (kind) {
    case WorkloadKind::kClicks:
      break;
    case WorkloadKind::kPayments:
      // An honest card hardly ever pays four times in two minutes.
      options.keys = 500'000;
      options.events_per_second = 100;
      break;
    case WorkloadKind::kStock:
      options.keys = 2'000;
      options.events_per_second = 2;
      break;
  }
  return options;
}

absl::Status GeneratorOptions::Validate() const {
  // Nothing overflows within: times of a hundred years, and delays of as much.
  constexpr int64_t kCentury = 36'525 * kNanosPerDay;
  if (start.ns < 0 || start.ns > kCentury) {
    return absl::InvalidArgumentError(
        fmt::format("--start {}: must lie from 1970 to 2069", FormatInstant(start.ns)));
  }
  if (any_order && format != Format::kJsonLines) {
    return absl::InvalidArgumentError(
        "--any-order: of members, which CSV has not; right would be --format jsonl");
  }
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--keys", keys, 1, kMaxKeys));
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--rate", events_per_second, 1, kNanosPerSecond));
  if (!(late_share >= 0 && late_share <= 1)) {
    return absl::InvalidArgumentError(
        fmt::format("--late {}: a share, from 0 to 1 (0.05 is one event in twenty)", late_share));
  }
  if (!IsWholeMillis(disorder)) {
    return absl::InvalidArgumentError(fmt::format(
        "--disorder {}: must be whole milliseconds, as times are", FormatDuration(disorder)));
  }
  if (!IsWholeMillis(late_by) || late_by.ns == 0) {
    return absl::InvalidArgumentError(fmt::format(
        "--late-by {}: must be whole milliseconds, at least one", FormatDuration(late_by)));
  }
  const bool long_delay = disorder.ns > kCentury || late_by.ns > kCentury;
  if (long_delay || events / events_per_second > kCentury / kNanosPerSecond) {
    return absl::InvalidArgumentError(
        "--events over --rate, --disorder and --late-by: none may exceed a hundred years");
  }
  return absl::OkStatus();
}

absl::Status Generate(const GeneratorOptions& options, LineSink& sink) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  const std::unique_ptr<Workload> workload =
      MakeWorkload(options.kind, options.format, options.seed, options.keys);
  EventTimes times(options, Random::Mix(options.seed + 1));
  LineWriter& writer = workload->writer();
  if (options.any_order) writer.ShuffleMembers(Random::Mix(options.seed + 2));
  if (!writer.header().empty()) ONRUSH_RETURN_IF_ERROR(sink.Write(writer.header()));
  for (uint64_t number = 0; number < options.events; ++number) {
    workload->AppendEvent(times.TimeOf(number));
    if (writer.full()) {
      ONRUSH_RETURN_IF_ERROR(sink.Write(writer.lines()));
      writer.Clear();
    }
  }
  return writer.lines().empty() ? absl::OkStatus() : sink.Write(writer.lines());
}

}  // namespace onrush::gen
