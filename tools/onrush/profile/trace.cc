#include <algorithm>
#include <string>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "tools/onrush/json_values.h"
#include "tools/onrush/profile/renderers.h"

namespace onrush {
namespace {

// Microseconds with three digits behind the point: the format's unit.
std::string Microseconds(uint64_t ns) { return fmt::format("{}.{:03}", ns / 1'000, ns % 1'000); }

// What the processes and threads are called.
std::string NameEvent(std::string_view what, size_t thread, std::string_view name) {
  return json::Object({{"ph", R"("M")"},
                       {"name", json::Text(what)},
                       {"pid", "1"},
                       {"tid", std::to_string(thread)},
                       {"args", json::Object({{"name", json::Text(name)}})}});
}

class TraceWriter {
 public:
  TraceWriter(LineSink& sink, const Profile& profile, uint64_t begin_ns)
      : sink_(sink), profile_(profile), begin_ns_(begin_ns) {}

  absl::Status Begin() {
    out_ = R"({"displayTimeUnit":"ns","traceEvents":[)"
           "\n";
    out_ += NameEvent("process_name", 0, "onrush: " + profile_.pipeline);
    for (size_t i = 0; i < profile_.threads.size(); ++i) {
      out_ += ",\n" + NameEvent("thread_name", i, profile_.threads[i].name);
    }
    return Flush();
  }

  absl::Status AddSpan(size_t thread, const StageSpan& span) {
    if (span.stage == Stage::kRingWait) {
      AddInRing(thread, span);
    } else {
      AddStage(thread, span);
    }
    return Flush();
  }

  absl::Status End(uint64_t spans_left_out) {
    out_ += fmt::format("\n],\"otherData\":{{\"spans_left_out\":\"{}\"}}}}\n", spans_left_out);
    return Flush();
  }

 private:
  void AddStage(size_t thread, const StageSpan& span) {
    std::string name = StageName(span.stage);
    if (IsOfQuery(span.stage)) name += " " + profile_.queries[span.query];
    out_ += fmt::format(
        R"(,{}{{"ph":"X","cat":"stage","name":{},"pid":1,"tid":{},"ts":{},"dur":{},"args":{{"events":{},"stalled_us":{}}}}})",
        '\n', json::Text(name), thread, Microseconds(span.begin_ns - begin_ns_),
        Microseconds(span.took_ns), span.events, span.stalled_us);
  }

  // Blocks lie in a ring while its shard does something else: these spans are no thread's.
  void AddInRing(size_t thread, const StageSpan& span) {
    const uint64_t begin = span.begin_ns - std::min(begin_ns_, span.begin_ns);
    for (const auto& [phase, at] : {std::pair('b', begin), std::pair('e', begin + span.took_ns)}) {
      out_ += fmt::format(
          R"(,{}{{"ph":"{}","cat":"ring","name":"in the ring of shard {}","id":{},"pid":1,"tid":{},"ts":{}}})",
          '\n', phase, thread - 1, ring_spans_, thread, Microseconds(at));
    }
    ++ring_spans_;
  }

  absl::Status Flush() {
    const absl::Status status = sink_.Write(out_);
    out_.clear();
    return status;
  }

  LineSink& sink_;
  const Profile& profile_;
  const uint64_t begin_ns_;
  uint64_t ring_spans_ = 0;
  std::string out_;
};

}  // namespace

absl::Status WriteTrace(const Profile& profile,
                        const std::vector<std::unique_ptr<StageTimer>>& timers, LineSink& sink) {
  uint64_t begin_ns = timers[0]->began().wall_ns;
  uint64_t left_out = 0;
  for (const auto& timer : timers) {
    begin_ns = std::min(begin_ns, timer->began().wall_ns);
    left_out += timer->spans_left_out();
  }
  TraceWriter writer(sink, profile, begin_ns);
  ONRUSH_RETURN_IF_ERROR(writer.Begin());
  for (size_t thread = 0; thread < timers.size(); ++thread) {
    for (const StageSpan& span : timers[thread]->spans()) {
      ONRUSH_RETURN_IF_ERROR(writer.AddSpan(thread, span));
    }
  }
  ONRUSH_RETURN_IF_ERROR(writer.End(left_out));
  return sink.Finish();
}

}  // namespace onrush
