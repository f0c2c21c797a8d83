#include <optional>
#include <string>
#include <vector>

#include "core/random_seed.h"
#include "core/runtime/clock.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/socket_address.h"
#include "operators/sinks/file_sink.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/flag_values.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/pacer.h"
#include "tools/onrush/send/send_load.h"
#include "tools/onrush/send/send_report.h"
#include "tools/onrush/send/send_run.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush send clicks.csv --udp 127.0.0.1:9100 --rate 10000
  onrush send -p card_velocity.toml payments.csv --udp 127.0.0.1:9100 --speed 1x
  onrush send clicks.csv --unix /run/onrush.sock --pack 40
  onrush send payments.csv --udp 127.0.0.1:9100 --rate 1000 --measure
)";
constexpr std::string_view kSummary =
    "Sends recorded events as datagrams to `onrush serve`, each when it is due, whatever became "
    "of\n"
    "those before it. Without --rate or --speed, as fast as they can be sent.\n";

constexpr uint64_t kMostInADatagram = 65'535;

// The flags as they were given.
struct Flags {
  std::vector<std::string> inputs;
  std::string pipeline;
  std::string udp;
  std::string unix_path;
  double rate = 0;
  std::string speed = "max";
  uint64_t pack = 1;
  bool blocks = false;
  bool plain = false;
  bool bundle = false;
  bool verdicts = false;
  bool measure = false;
  bool end = false;
  std::string stats;
};

absl::StatusOr<SocketAddress> ReadAddress(const Flags& flags) {
  if (flags.udp.empty() == flags.unix_path.empty()) {
    return absl::InvalidArgumentError("say where to send: --udp HOST:PORT or --unix PATH");
  }
  return flags.udp.empty() ? SocketAddress::OfUnixPath(flags.unix_path)
                           : SocketAddress::ParseUdp(flags.udp);
}

absl::Status CheckFlags(const Flags& flags) {
  if (flags.inputs.empty()) return absl::InvalidArgumentError("say what to send: one file or more");
  ONRUSH_RETURN_IF_ERROR(CheckFlagRange("--pack", flags.pack, 1, kMostInADatagram));
  if (flags.rate < 0) {
    return absl::InvalidArgumentError(fmt::format("--rate {}: must be over 0", flags.rate));
  }
  if (flags.plain && (flags.blocks || flags.verdicts || flags.measure || flags.end)) {
    return absl::InvalidArgumentError(
        "--plain: --blocks, --verdicts, --measure and --end need frames");
  }
  if (flags.speed != "max" && flags.pipeline.empty()) {
    return absl::InvalidArgumentError("--speed: say when events happened: -p PIPELINE");
  }
  if (flags.speed != "max" && flags.rate > 0) {
    return absl::InvalidArgumentError("--speed and --rate: only one of them can be kept");
  }
  return absl::OkStatus();
}

absl::StatusOr<SendLoad> Load(const Flags& flags) {
  SendLoadOptions options;
  options.inputs = flags.inputs;
  options.events_per_datagram = flags.pack;
  options.as_blocks = flags.blocks;
  if (flags.rate > 0) options.rate = flags.rate;
  ONRUSH_ASSIGN_OR_RETURN(options.speed, ParseSpeed(flags.speed));
  options.stop = InterruptToken();
  if (!flags.pipeline.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(Plan plan, LoadPipeline(flags.pipeline));
    options.stream = std::move(plan.streams.front());
  }
  return LoadEvents(options);
}

SendOptions OptionsFor(const Flags& flags, const SocketAddress& address) {
  SendOptions options;
  options.plain = flags.plain;
  options.as_blocks = flags.blocks;
  options.bundle = flags.bundle;
  options.verdicts = flags.verdicts || flags.measure;
  // On another machine the clock is another one.
  options.times = flags.measure && address.IsLocal();
  options.end = flags.end;
  options.spin = flags.measure;
  options.sender = RandomSeed();
  options.stop = InterruptToken();
  return options;
}

// OK if the kernel took every datagram.
absl::Status Send(const Flags& flags, const SocketAddress& address) {
  ONRUSH_RETURN_IF_ERROR(FileSink::CheckWhole(flags.stats));
  ONRUSH_ASSIGN_OR_RETURN(const SendLoad load, Load(flags));
  ONRUSH_ASSIGN_OR_RETURN(const DatagramSocket socket, DatagramSocket::Connect(address));
  std::unique_ptr<FileSink> lines;
  if (flags.verdicts) {
    ONRUSH_ASSIGN_OR_RETURN(lines, FileSink::Open("-"));
  }
  SystemClock clock;
  const SendOptions options = OptionsFor(flags, address);
  SendRun run(load, options, socket, clock, lines.get());
  ONRUSH_ASSIGN_OR_RETURN(const SendResult result, run.Run());
  if (lines != nullptr) ONRUSH_RETURN_IF_ERROR(lines->Finish());

  const SendReport report{.load = load,
                          .result = result,
                          .counts = run.counts(),
                          .times = options.verdicts ? &run.times() : nullptr};
  fmt::print(stderr, "{}", SendSummary(report, flags.measure));
  if (!flags.stats.empty()) {
    ONRUSH_RETURN_IF_ERROR(FileSink::WriteWhole(flags.stats, SendStatsJson(report)));
  }
  if (result.interrupted) return absl::CancelledError("interrupted");
  if (!run.counts().refused.empty()) {
    return absl::UnavailableError(
        fmt::format("{}: not all datagrams could be sent", address.ToString()));
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode RunSend(const Arguments& arguments) {
  Flags flags;
  CommandLine command_line("send", kSummary, kExamples);
  command_line.AddFiles("FILE", flags.inputs,
                        "CSV, JSON Lines, logs or .orb, also .gz and .zst; a header is not sent");
  command_line.Add("--udp", flags.udp, "HOST:PORT", "Send there,");
  command_line.Add("--unix", flags.unix_path, "PATH", "… or to this Unix datagram socket");
  command_line.Add("-p,--pipeline", flags.pipeline, "FILE", "What the events look like");
  command_line.Add("--rate", flags.rate, "R", "So many events a second");
  command_line.Add("--speed", flags.speed, "max|Nx", "Event time against the clock: 1x, 10x");
  command_line.Add("--pack", flags.pack, "N", "So many events in a datagram, if they fit");
  command_line.AddSwitch("--blocks", flags.blocks, "As columns (one .orb block a datagram)");
  command_line.AddSwitch("--plain", flags.plain, "Without frames: the receiver cannot tell losses");
  command_line.AddSwitch(
      "--bundle", flags.bundle,
      "UDP: datagrams of one size in one piece, up to 1 ms late; blocks are padded");
  command_line.AddSwitch("--verdicts", flags.verdicts,
                         "Ask what each datagram was flagged for, and print that");
  command_line.AddSwitch("--measure", flags.measure,
                         "Ask, and tell how long answers took; takes a processor");
  command_line.AddSwitch("--end", flags.end, "Tell the receiver that nothing more will come");
  command_line.Add("--stats", flags.stats, "FILE", "All figures, as JSON");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  absl::Status usage = CheckFlags(flags);
  const absl::StatusOr<SocketAddress> address = ReadAddress(flags);
  usage.Update(address.status());
  usage.Update(ParseSpeed(flags.speed).status());
  if (!usage.ok()) return command_line.Complain(std::string(usage.message()));
  CatchInterrupts();
  const absl::Status status = Send(flags, *address);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
