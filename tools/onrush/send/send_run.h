// Events on their way.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "core/runtime/clock.h"
#include "core/runtime/sink.h"
#include "core/runtime/stop_token.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/datagram_sender.h"
#include "ingest/live/datagram_socket.h"
#include "tools/onrush/send/answer_times.h"
#include "tools/onrush/send/send_load.h"

namespace onrush {

struct SendOptions {
  bool plain = false;      // without frames
  bool as_blocks = false;  // what the payloads are
  bool bundle = false;     // datagrams of one size leave in one piece, up to a millisecond late
  bool verdicts = false;   // each datagram asks for one, and all are waited for
  bool times = false;      // … and shall tell when it was decided: where the clock is the same
  bool end = false;        // says at the end that nothing more will come
  bool spin = false;       // looks at the clock all the time, rather than sleeping
  uint64_t sender = 0;     // chosen at random by whoever runs this
  StopToken stop;
};

struct SendResult {
  uint64_t datagrams = 0;  // that were due, and handed over or refused
  uint64_t events = 0;
  int64_t elapsed_ns = 0;  // from the start to the last datagram
  int64_t latest_ns = 0;   // how far behind its time the latest one was
  uint64_t verdict_lines = 0;
  uint64_t foreign = 0;  // datagrams that came and were no verdict for this
  bool interrupted = false;
};

// Description
//   An open loop: every datagram has its time, whatever became of those before it, and those that
//   are due together are sent together. Where there is no room for a datagram, it waits for it and
//   is late.
// Threads
//   One at a time.
class SendRun {
 public:
  // Verdicts' lines go to `lines`, which may be null. All must outlive this; `socket` is connected.
  SendRun(const SendLoad& load, const SendOptions& options, const DatagramSocket& socket,
          Clock& clock, LineSink* lines);

  // Sends all, or what could be sent until it was told to stop.
  absl::StatusOr<SendResult> Run();

  const SendCounts& counts() const { return sender_.counts(); }
  const AnswerTimes& times() const { return times_; }

 private:
  absl::Status SendAll();
  // The last datagram of those that leave together next.
  size_t LastOfNext() const;
  // Sends what is due, at least one.
  void SendDue(int64_t now);
  void Add(const SendPack& pack);
  absl::Status Idle(int64_t before, int64_t next_due);
  absl::Status TakeVerdicts();
  absl::Status AwaitVerdicts();
  void SendEnd();

  const SendLoad& load_;
  const SendOptions options_;
  Clock& clock_;
  LineSink* const lines_;
  DatagramSender sender_;
  DatagramReceiver receiver_;
  const std::unique_ptr<char[]> memory_;  // for what is received
  std::vector<Datagram> received_;
  AnswerTimes times_;
  SendResult result_;
  int64_t start_ = 0;
};

}  // namespace onrush
