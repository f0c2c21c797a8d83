// What becomes of the frames that ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_batch.h"
#include "core/runtime/collector.h"
#include "ingest/live/datagram_sorter.h"
#include "ingest/live/verdict_sender.h"

namespace onrush {

// Description
//   A frame's verdict is the lines that flag its events, among those that their own block brought
//   forth: an event that a later one makes suspicious is in the output alone.
// Threads
//   One at a time.
class Verdicts : public FlagObserver {
 public:
  // `sender` must outlive this; null: nobody can ask.
  explicit Verdicts(VerdictSender* sender) : sender_(sender) {}

  // The block that is processed next has these requests, by ascending arrival.
  void Expect(const std::vector<VerdictRequest>& requests);
  // Its batches, in order: which of its events belong to which request.
  void OnDecoded(const EventBatch& batch);
  void OnFlag(uint64_t event_seq, std::string_view line) override;
  bool waiting() const { return pending_count_ > 0; }
  // The block is done: sends all answers.
  void Answer();

 private:
  struct Pending {
    VerdictRequest request;
    uint64_t first_seq = 0;  // its events are [first_seq, end_seq)
    uint64_t end_seq = 0;
    std::string lines;
  };

  VerdictSender* const sender_;
  std::vector<Pending> pending_;  // the first pending_count_ are in use; the others keep memory
  size_t pending_count_ = 0;
  uint64_t next_seq_ = 0;
};

}  // namespace onrush
