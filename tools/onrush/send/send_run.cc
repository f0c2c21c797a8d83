#include "tools/onrush/send/send_run.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "core/status_macros.h"
#include "core/time.h"
#include "ingest/live/frame.h"

namespace onrush {
namespace {

// Waking up takes some 60 us; what is due sooner is not worth a sleep.
constexpr int64_t kShortestSleepNs = 200'000;
constexpr int64_t kLongestSleepNs = 50'000'000;  // how soon an interrupt is noticed
// Who bundles lets a datagram wait so long for those that are due after it.
constexpr int64_t kLongestBundleNs = 1'000'000;
// So long after the latest verdict, those that have not come are taken for lost.
constexpr int64_t kVerdictPatienceNs = kNanosPerSecond;

}  // namespace

SendRun::SendRun(const SendLoad& load, const SendOptions& options, const DatagramSocket& socket,
                 Clock& clock, LineSink* lines)
    : load_(load),
      options_(options),
      clock_(clock),
      lines_(lines),
      sender_(socket, {.wait_for_room = true, .stop = options.stop, .bundle = options.bundle}),
      receiver_(socket),
      memory_(options.verdicts ? std::make_unique<char[]>(DatagramReceiver::kMemoryBytes)
                               : nullptr),
      times_(options.verdicts ? load.packs.size() : 0) {}

absl::StatusOr<SendResult> SendRun::Run() {
  start_ = clock_.Now().ns;
  ONRUSH_RETURN_IF_ERROR(SendAll());
  result_.elapsed_ns = clock_.Now().ns - start_;
  if (options_.end) SendEnd();
  if (options_.verdicts) ONRUSH_RETURN_IF_ERROR(AwaitVerdicts());
  return result_;
}

absl::Status SendRun::SendAll() {
  while (result_.datagrams < load_.packs.size()) {
    if (options_.stop.requested()) {
      result_.interrupted = true;
      return absl::OkStatus();
    }
    const int64_t now = clock_.Now().ns;
    const int64_t due = start_ + load_.packs[LastOfNext()].due_ns;
    if (due <= now) {
      SendDue(now);
      if (options_.verdicts) ONRUSH_RETURN_IF_ERROR(TakeVerdicts());
    } else {
      ONRUSH_RETURN_IF_ERROR(Idle(now, due));
    }
  }
  return absl::OkStatus();
}

size_t SendRun::LastOfNext() const {
  const size_t first = result_.datagrams;
  if (!options_.bundle) return first;
  const size_t end = std::min<size_t>(first + DatagramSender::kMost, load_.packs.size());
  size_t last = first;
  while (last + 1 < end &&
         load_.packs[last + 1].due_ns - load_.packs[first].due_ns <= kLongestBundleNs) {
    ++last;
  }
  return last;
}

void SendRun::SendDue(int64_t now) {
  result_.latest_ns =
      std::max(result_.latest_ns, now - start_ - load_.packs[result_.datagrams].due_ns);
  for (size_t i = 0; i < DatagramSender::kMost && result_.datagrams < load_.packs.size(); ++i) {
    const SendPack& pack = load_.packs[result_.datagrams];
    if (start_ + pack.due_ns > now) break;
    if (options_.verdicts) times_.NoteSent(result_.datagrams, start_ + pack.due_ns, now);
    Add(pack);
  }
  sender_.Flush();
}

void SendRun::Add(const SendPack& pack) {
  if (options_.plain) {
    sender_.AddPlain(load_.payload(pack));
  } else {
    FrameHeader header;
    header.wants_verdict = options_.verdicts;
    header.tells_time = options_.times;
    header.is_block = options_.as_blocks;
    header.count = pack.count;
    header.sender = options_.sender;
    header.sequence = result_.datagrams;
    header.events_before = result_.events;
    sender_.Add(header, load_.payload(pack));
  }
  ++result_.datagrams;
  result_.events += pack.count;
}

absl::Status SendRun::Idle(int64_t before, int64_t next_due) {
  if (options_.spin) {
    times_.NoteIdle(before, clock_.Now().ns);
  } else if (next_due - before > kShortestSleepNs) {
    clock_.SleepUntil({std::min(next_due - kShortestSleepNs / 2, before + kLongestSleepNs)});
  } else {
    std::this_thread::yield();  // the receiver, and what it writes, may be on this machine
  }
  return options_.verdicts ? TakeVerdicts() : absl::OkStatus();
}

absl::Status SendRun::TakeVerdicts() {
  ONRUSH_RETURN_IF_ERROR(receiver_.Receive(memory_.get(), received_));
  if (received_.empty()) return absl::OkStatus();
  const int64_t now = clock_.Now().ns;
  for (const Datagram& datagram : received_) {
    const Frame frame = ReadFrame(datagram.bytes);
    const FrameHeader& header = frame.header;
    const bool is_ours = frame.status == FrameStatus::kFrame && header.is_verdict &&
                         header.sender == options_.sender;
    const auto decided =
        header.tells_time ? std::optional<int64_t>(header.decided_ns) : std::nullopt;
    if (!is_ours || !times_.NoteAnswer(header.sequence, now, decided)) {
      ++result_.foreign;
      continue;
    }
    result_.verdict_lines += header.count;
    if (lines_ != nullptr && !frame.payload.empty()) {
      ONRUSH_RETURN_IF_ERROR(lines_->Write(frame.payload));
    }
  }
  return absl::OkStatus();
}

absl::Status SendRun::AwaitVerdicts() {
  int64_t latest = clock_.Now().ns;
  while (times_.answers() < result_.datagrams && !options_.stop.requested()) {
    const uint64_t before = times_.answers();
    ONRUSH_RETURN_IF_ERROR(TakeVerdicts());
    const int64_t now = clock_.Now().ns;
    if (times_.answers() > before) latest = now;
    if (now - latest > kVerdictPatienceNs) break;
  }
  return absl::OkStatus();
}

void SendRun::SendEnd() {
  FrameHeader header;
  header.is_end = true;
  header.sender = options_.sender;
  header.sequence = result_.datagrams;
  header.events_before = result_.events;
  sender_.Add(header, {});
  sender_.Flush();
}

}  // namespace onrush
