#include <optional>
#include <string>

#include "core/status_macros.h"
#include "core/time.h"
#include "fmt/format.h"
#include "operators/sinks/file_sink.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/gen/generator.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush gen clicks --events 1000000 --output clicks.csv
  onrush gen payments --events 100000 --disorder 5s --format jsonl | head
  onrush gen stock --events 1000000 --keys 5000 --disorder 10m --late 0.05 --output stock.csv
)";

constexpr std::string_view kSummary =
    R"(Writes made-up events: skewed, disordered, the same bytes for the same arguments.
  clicks    ts,user,page                                    page views of a shop
  payments  ts,card,merchant,amount                         card payments, some with stolen cards
  stock     ts,sku,warehouse,kind,quantity,unit_price       what comes into and leaves warehouses
)";

// The flags as they were given.
struct Flags {
  std::string workload;
  uint64_t events = 1'000'000;
  uint64_t seed = 1;
  std::optional<uint64_t> keys;
  std::optional<uint64_t> rate;
  double late_share = 0;
  bool any_order = false;
  std::string disorder = "0s";
  std::string late_by = "30m";
  std::string start;
  std::string format;
  std::string output = "-";
};

absl::StatusOr<Duration> ReadDuration(std::string_view flag, std::string_view text) {
  const absl::StatusOr<Duration> duration = ParseDuration(text);
  if (duration.ok()) return duration;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", flag, std::string(duration.status().message())));
}

absl::Status ReadWorkload(const std::string& workload, gen::WorkloadKind& kind) {
  if (workload == "clicks") {
    kind = gen::WorkloadKind::kClicks;
  } else if (workload == "payments") {
    kind = gen::WorkloadKind::kPayments;
  } else if (workload == "stock") {
    kind = gen::WorkloadKind::kStock;
  } else if (workload.empty()) {
    return absl::InvalidArgumentError("say what to make: clicks, payments or stock");
  } else {
    return absl::InvalidArgumentError(
        Unknown("workload", workload, {"clicks", "payments", "stock"}));
  }
  return absl::OkStatus();
}

absl::Status ReadFormat(const Flags& flags, Format& format) {
  const bool jsonl_name = flags.output.ends_with(".jsonl") || flags.output.ends_with(".json");
  if (flags.format == "jsonl" || (flags.format.empty() && jsonl_name)) {
    format = Format::kJsonLines;
  } else if (flags.format == "csv" || flags.format.empty()) {
    format = Format::kCsv;
  } else {
    return absl::InvalidArgumentError(
        fmt::format("--format '{}': must be csv or jsonl", flags.format));
  }
  return absl::OkStatus();
}

absl::Status ReadFlags(const Flags& flags, gen::GeneratorOptions& options) {
  gen::WorkloadKind kind{};
  ONRUSH_RETURN_IF_ERROR(ReadWorkload(flags.workload, kind));
  options = gen::GeneratorOptions::For(kind);
  options.events = flags.events;
  options.seed = flags.seed;
  options.keys = flags.keys.value_or(options.keys);
  options.events_per_second = flags.rate.value_or(options.events_per_second);
  options.late_share = flags.late_share;
  options.any_order = flags.any_order;
  ONRUSH_RETURN_IF_ERROR(ReadFormat(flags, options.format));
  ONRUSH_ASSIGN_OR_RETURN(options.disorder, ReadDuration("--disorder", flags.disorder));
  ONRUSH_ASSIGN_OR_RETURN(options.late_by, ReadDuration("--late-by", flags.late_by));
  if (!flags.start.empty()) {
    const std::optional<EventTime> start = ParseInstant(flags.start);
    if (!start) {
      return absl::InvalidArgumentError(
          fmt::format("--start '{}': must be like 2026-03-02T08:00:00Z", flags.start));
    }
    options.start = *start;
  }
  return options.Validate();
}

absl::Status Write(const gen::GeneratorOptions& options, const std::string& output) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<FileSink> sink, FileSink::Open(output));
  ONRUSH_RETURN_IF_ERROR(gen::Generate(options, *sink));
  return sink->Finish();
}

}  // namespace

ExitCode RunGen(const Arguments& arguments) {
  gen::GeneratorOptions options;
  Flags flags;
  CommandLine command_line("gen", kSummary, kExamples);
  command_line.Add("WORKLOAD", flags.workload, "", "clicks, payments or stock");
  command_line.Add("--events", flags.events, "N", "How many");
  command_line.Add("--seed", flags.seed, "N", "Another seed makes other events");
  command_line.Add("--keys", flags.keys, "N",
                   "Pages [10000], cards [500000] or SKUs [2000]; users: ten times the pages");
  command_line.Add("--rate", flags.rate, "N",
                   "Events per second of event time [clicks 1000, payments 100, stock 2]");
  command_line.Add("--start", flags.start, "TIME",
                   "When the first one arrives [2026-03-02T08:00:00Z]");
  command_line.Add("--disorder", flags.disorder, "SPAN",
                   "Events arrive up to so long after they happened");
  command_line.Add("--late", flags.late_share, "SHARE",
                   "The share that arrives later still, 0 to 1");
  command_line.Add("--late-by", flags.late_by, "SPAN",
                   "By how much, at most, those come later than the others");
  command_line.Add("--format", flags.format, "csv|jsonl", "[by the output's name, else csv]");
  command_line.AddSwitch("--any-order", flags.any_order,
                         "JSON Lines: the members of each line in an order of its own");
  command_line.Add("-o,--output", flags.output, "FILE", "- is standard output");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  if (const absl::Status status = ReadFlags(flags, options); !status.ok()) {
    return command_line.Complain(std::string(status.message()));
  }
  const absl::Status status = Write(options, flags.output);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
