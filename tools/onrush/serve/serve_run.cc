#include "tools/onrush/serve/serve_run.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/wall_clock.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/live/follow_source.h"
#include "ingest/live/live_figures.h"
#include "ingest/open.h"
#include "operators/sinks/file_sink.h"
#include "tools/engine/engine.h"
#include "tools/http/http_server.h"
#include "tools/onrush/run_report.h"
#include "tools/onrush/serve/line_output.h"
#include "tools/onrush/serve/live_run.h"
#include "tools/onrush/serve/serve_figures.h"

namespace onrush {
namespace {

// A line of what happens, for people and for programs that read logs.
void Log(std::string_view event, std::string_view facts) {
  fmt::print(stderr, "level=info event={}{}{}\n", event, facts.empty() ? "" : " ", facts);
}

std::string WithoutNewline(std::string line) {
  line.pop_back();
  return line;
}

// All that a live run is made of, in the order in which it has to be there.
class LiveServer {
 public:
  explicit LiveServer(const ServeOptions& options) : options_(options) {}

  absl::Status Open(Plan plan) {
    ONRUSH_RETURN_IF_ERROR(FileSink::CheckWhole(options_.stats));
    ONRUSH_RETURN_IF_ERROR(OpenSource(plan.streams.front()));
    ONRUSH_RETURN_IF_ERROR(OpenOutputs());
    ONRUSH_RETURN_IF_ERROR(OpenRecorder(plan.streams.front()));
    figures_ = std::make_unique<ServeFigures>(plan);
    run_ = std::make_unique<LiveRun>(LiveParts{.source = *source_,
                                               .live = live_,
                                               .format = format_,
                                               .sender = sender_.get(),
                                               .recorder = recorder_.get(),
                                               .outputs = {&results_, &late_, &bad_},
                                               .figures = *figures_,
                                               .until_end = options_.until_end});
    EngineOptions engine;
    engine.shards = options_.shards;
    engine.parallel.wait = options_.wait;
    ONRUSH_ASSIGN_OR_RETURN(
        engine_, Engine::Create(std::move(plan), engine,
                                {.results = results_.sink(),
                                 .late = late_.sink(),
                                 .bad = bad_.sink(),
                                 .flags = sender_ == nullptr ? nullptr : run_->flags()}));
    return OpenPages();
  }

  absl::Status Run() {
    SystemClock clock;
    const ProcessingTime start = clock.Now();
    ONRUSH_RETURN_IF_ERROR(run_->Run(*engine_));
    const Ledger ledger = engine_->ledger();
    return Report({.plan = engine_->plan(),
                   .ledger = ledger,
                   .elapsed_s = static_cast<double>(clock.Now().ns - start.ns) / 1e9,
                   .lines = engine_->lines(),
                   .digest = engine_->digest()});
  }

 private:
  absl::Status OpenSource(StreamPlan& stream) {
    if (!stream.format) {
      return absl::InvalidArgumentError(
          fmt::format("stream '{}' has no format; right would be format = \"csv\", \"jsonl\", … in "
                      "its section",
                      stream.name));
    }
    format_ = *stream.format;
    return options_.addresses.empty() ? OpenFile(stream) : OpenSockets();
  }

  // How long the event thread may sleep: what it has for the recording must not wait for events.
  Duration LongestWait(Duration longest) const {
    const SyncPolicy& sync = options_.recorder.sync;
    if (options_.record.empty() || sync.kind != SyncPolicy::Kind::kInterval) return longest;
    return std::min(longest, Duration{std::max<int64_t>(sync.interval.ns / 2, 1)});
  }

  absl::Status OpenFile(const StreamPlan& stream) {
    FollowOptions follow;
    follow.stop = options_.stop;
    follow.longest_wait = LongestWait(follow.longest_wait);
    ONRUSH_ASSIGN_OR_RETURN(source_,
                            FollowSource::Open(options_.follow, format_, stream.delimiter, follow));
    Log("following", fmt::format("file={}", options_.follow));
    return absl::OkStatus();
  }

  absl::Status OpenSockets() {
    LiveSourceOptions live;
    live.addresses = options_.addresses;
    live.sockets = options_.sockets;
    live.datagrams = options_.datagrams;
    live.datagrams.records_span_lines = format_ == Format::kCsv;
    live.wait = options_.wait;
    live.stop = options_.stop;
    live.longest_wait = LongestWait(live.longest_wait);
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<LiveSource> source, LiveSource::Open(live));
    live_ = source.get();
    source_ = std::move(source);
    std::vector<const DatagramSocket*> sockets;
    for (size_t i = 0; i < live_->socket_count(); ++i) {
      const DatagramSocket& socket = live_->socket(i);
      sockets.push_back(&socket);
      Log("listening", fmt::format("address={} receive_buffer_bytes={}",
                                   socket.address().ToString(), socket.receive_buffer_bytes()));
    }
    sender_ = std::make_unique<VerdictSender>(sockets, options_.may_be_answered);
    return absl::OkStatus();
  }

  absl::Status OpenOutputs() {
    ONRUSH_ASSIGN_OR_RETURN(results_, LineOutput::Open(options_.results, options_.stop));
    ONRUSH_ASSIGN_OR_RETURN(late_, LineOutput::Open(options_.late, options_.stop));
    ONRUSH_ASSIGN_OR_RETURN(bad_, LineOutput::Open(options_.bad, options_.stop));
    return absl::OkStatus();
  }

  absl::Status OpenRecorder(const StreamPlan& stream) {
    if (options_.record.empty()) return absl::OkStatus();
    if (live_ == nullptr) {
      ONRUSH_RETURN_IF_ERROR(CheckRetention(options_.recorder.segments, stream, format_));
    }
    ONRUSH_ASSIGN_OR_RETURN(auto directory, OpenRecordingDirectory(options_.record));
    ONRUSH_ASSIGN_OR_RETURN(
        recorder_, Recorder::Open(std::move(directory), stream, format_, options_.recorder));
    Log("recording", fmt::format("directory={} rows_found={} bytes_cut={}", options_.record,
                                 recorder_->rows_found(), recorder_->bytes_cut()));
    return absl::OkStatus();
  }

  absl::Status OpenPages() {
    if (options_.http.empty()) return absl::OkStatus();
    HttpPages pages;
    pages.metrics = [this] {
      return figures_->Metrics(WallClockNs(), live_ != nullptr, recorder_ != nullptr);
    };
    pages.trouble = [] { return std::string(); };
    pages.not_ready = [this]() -> std::string {
      if (figures_->recording_failed()) return "the recording has failed";
      if (options_.stop.requested()) return "it is told to end";
      return figures_->ready() ? "" : "events are not taken";
    };
    ONRUSH_ASSIGN_OR_RETURN(http_, HttpServer::Start(options_.http, std::move(pages)));
    Log("http", fmt::format("port={}", http_->port()));
    return absl::OkStatus();
  }

  absl::Status Report(const RunReport& report) {
    LiveFigures live;
    if (live_ != nullptr) {
      live = LiveFiguresOf(*live_, *sender_);
      fmt::print(stderr, "{}", LiveFiguresText(live));
    }
    fmt::print(stderr, "{}", SummaryText(report));
    if (recorder_ != nullptr) {
      const RecorderFigures recorded = recorder_->figures();
      fmt::print(stderr, "\n{} rows recorded, {} safe\n", WithThousands(recorded.rows),
                 WithThousands(recorded.rows_safe));
    }
    const std::string dropped = ReportDropped();
    if (options_.stats.empty()) return absl::OkStatus();
    return FileSink::WriteWhole(
        options_.stats,
        fmt::format("{{\"run\":{},\"lines_dropped\":{{{}}},\"live\":{},\"times\":{}}}\n",
                    WithoutNewline(StatsJson(report)), dropped, LiveFiguresJson(live),
                    figures_->TimesJson()));
  }

  // Tells people of lines that outputs did not take, and returns members for programs.
  std::string ReportDropped() const {
    const std::array outputs = {&results_, &late_, &bad_};
    std::vector<std::string> members;
    for (size_t i = 0; i < outputs.size(); ++i) {
      const uint64_t dropped = outputs[i]->dropped();
      members.push_back(fmt::format("\"{}\":{}", kOutputNames[i], dropped));
      if (dropped == 0) continue;
      fmt::print(stderr, "{} lines of {} were not taken by their output\n", WithThousands(dropped),
                 kOutputNames[i]);
    }
    return fmt::format("{}", fmt::join(members, ","));
  }

  const ServeOptions& options_;
  Format format_ = Format::kCsv;
  std::unique_ptr<Source> source_;
  LiveSource* live_ = nullptr;  // source_, if it has sockets
  std::unique_ptr<VerdictSender> sender_;
  LineOutput results_, late_, bad_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<ServeFigures> figures_;
  std::unique_ptr<LiveRun> run_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<HttpServer> http_;  // first to end: its pages look at the others
};

}  // namespace

absl::Status Serve(Plan plan, const ServeOptions& options) {
  LiveServer server(options);
  ONRUSH_RETURN_IF_ERROR(server.Open(std::move(plan)));
  return server.Run();
}

}  // namespace onrush
