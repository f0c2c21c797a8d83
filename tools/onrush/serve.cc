#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"
#include "tools/http/http_server.h"
#include "tools/onrush/byte_size.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/flag_values.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/recorder_flags.h"
#include "tools/onrush/serve/serve_run.h"
#include "tools/onrush/wait_flag.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush serve -p payments.toml --udp 127.0.0.1:9100 --output alerts.jsonl --http 127.0.0.1:9101
  onrush serve -p payments.toml --udp 127.0.0.1:9100 --record recording --shards 0 --wait spin
  onrush serve -p visits.toml --follow access.log --output unix:/run/alerts.sock
  onrush send payments.csv --udp 127.0.0.1:9100 --rate 10000 --measure
)";
constexpr std::string_view kSummary =
    "Takes events as they happen, answers at once, and keeps a recording that replays to the same\n"
    "lines. SIGTERM ends it when what was sent before is processed; nothing fires that is not "
    "due.\n";

struct Flags {
  std::string pipeline;
  std::vector<std::string> udp;
  std::vector<std::string> unix_paths;
  std::vector<std::string> allowed;
  std::string receive_buffer = "64MiB";
  RecorderFlags recorder;
  std::string wait = "park";
  uint64_t shards = 0;
  uint64_t max_senders = 1024;
  uint64_t max_lines = 10'000;
  uint64_t max_keys = 10'000'000;
};

// "[STREAM=]VALUE": the stream has to be the pipeline's one.
absl::StatusOr<std::string> WithoutStream(std::string_view flag, const std::string& text,
                                          const std::string& stream) {
  const size_t equals = text.find('=');
  if (equals == text.npos) return text;
  const std::string named = text.substr(0, equals);
  if (named == stream) return text.substr(equals + 1);
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", flag, Unknown("stream", named, {stream})));
}

absl::Status ReadAddresses(const Flags& flags, const std::string& stream, ServeOptions& options) {
  for (const std::string& text : flags.udp) {
    ONRUSH_ASSIGN_OR_RETURN(const std::string udp, WithoutStream("--udp", text, stream));
    const absl::StatusOr<SocketAddress> address = SocketAddress::ParseUdp(udp);
    ONRUSH_RETURN_IF_ERROR(OfFlag("--udp", address.status()));
    options.addresses.push_back(*address);
  }
  for (const std::string& text : flags.unix_paths) {
    ONRUSH_ASSIGN_OR_RETURN(const std::string path, WithoutStream("--unix", text, stream));
    const absl::StatusOr<SocketAddress> address = SocketAddress::OfUnixPath(path);
    ONRUSH_RETURN_IF_ERROR(OfFlag("--unix", address.status()));
    options.addresses.push_back(*address);
  }
  if (options.addresses.empty() == options.follow.empty()) {
    return absl::InvalidArgumentError(
        "say where events come from: --udp HOST:PORT, --unix PATH (both as often as you like), or "
        "--follow FILE alone");
  }
  if (options.until_end && !options.follow.empty()) {
    return absl::InvalidArgumentError("--until-end: a file that grows has no sender that ends");
  }
  for (const std::string& network : flags.allowed) {
    ONRUSH_RETURN_IF_ERROR(OfFlag("--allow", options.may_be_answered.Add(network)));
  }
  return absl::OkStatus();
}

absl::Status ReadBounds(const Flags& flags, ServeOptions& options) {
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--shards", flags.shards, 0, EngineOptions::kMaxShards));
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--max-senders", flags.max_senders, 1, 10'000'000));
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--max-lines", flags.max_lines, 1, 100'000));
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--max-keys", flags.max_keys, 1, UINT32_MAX - 1));
  if (!options.http.empty()) {
    ONRUSH_RETURN_IF_ERROR(OfFlag("--http", HttpServer::CheckAddress(options.http)));
  }
  options.shards = flags.shards;
  options.datagrams.senders.max_senders = flags.max_senders;
  options.datagrams.senders.max_names = 4 * flags.max_senders;
  options.datagrams.max_lines = flags.max_lines;
  ONRUSH_RETURN_IF_ERROR(ReadFlag("--receive-buffer", flags.receive_buffer, ParseByteSize,
                                  options.sockets.receive_buffer_bytes));
  return CheckFlagRange("--receive-buffer", options.sockets.receive_buffer_bytes, 4096, 1 << 30);
}

}  // namespace

ExitCode RunServe(const Arguments& arguments) {
  ServeOptions options;
  Flags flags;
  CommandLine command_line("serve", kSummary, kExamples);
  command_line.Add("-p,--pipeline", flags.pipeline, "FILE", "What to compute");
  command_line.Add("--udp", flags.udp, "[STREAM=]HOST:PORT", "Take datagrams there");
  command_line.Add("--unix", flags.unix_paths, "[STREAM=]PATH", "Take them at a Unix socket");
  command_line.Add("--follow", options.follow, "FILE", "Take what is appended to a file");
  command_line.Add("-o,--output", options.results, "FILE|-|udp:HOST:PORT|unix:PATH",
                   "Result lines, as JSON");
  command_line.Add("--late", options.late, "FILE|…", "Events that came too late");
  command_line.Add("--bad", options.bad, "FILE|…", "Lines that could not be used");
  command_line.Add("--record", options.record, "DIR", "Keep a recording");
  flags.recorder.AddTo(command_line);
  command_line.Add("--http", options.http, "HOST:PORT",
                   "/metrics, /healthz and /readyz, on this machine only");
  command_line.Add("--allow", flags.allowed, "NETWORK",
                   "Send verdicts there too (10.0.0.0/8), not to this machine alone");
  command_line.Add("--shards", flags.shards, "N",
                   "Threads that own keys; 0: all on one thread, which answers soonest");
  command_line.Add("--wait", flags.wait, "spin|yield|park",
                   "How it waits: spin answers soonest and takes a processor");
  command_line.Add("--receive-buffer", flags.receive_buffer, "SIZE",
                   "What the kernel may keep of datagrams");
  command_line.Add("--max-senders", flags.max_senders, "N", "Senders that are known at once");
  command_line.Add("--max-lines", flags.max_lines, "N", "Lines in a datagram");
  command_line.Add("--max-keys", flags.max_keys, "N",
                   "Keys of a query that does not say; events of others are counted apart");
  command_line.AddSwitch(
      "--until-end", options.until_end,
      "End when a sender says that nothing more comes, and fire what is pending");
  command_line.Add("--stats", options.stats, "FILE", "The ledgers at the end, as JSON");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  if (flags.pipeline.empty()) return command_line.Complain("say what to compute with -p PIPELINE");
  absl::StatusOr<Plan> plan = LoadPipeline(flags.pipeline);
  if (!plan.ok()) return ReportError(plan.status());
  absl::Status usage = ReadAddresses(flags, plan->streams.front().name, options);
  usage.Update(flags.recorder.Read(options.recorder));
  usage.Update(ReadBounds(flags, options));
  usage.Update(ReadFlag("--wait", flags.wait, ReadWait, options.wait));
  if (!usage.ok()) return command_line.Complain(std::string(usage.message()));
  for (QueryPlan& query : plan->queries) {
    if (!query.max_keys) query.max_keys = flags.max_keys;
  }
  CatchInterrupts();
  options.stop = InterruptToken();
  const absl::Status status = Serve(*std::move(plan), options);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
