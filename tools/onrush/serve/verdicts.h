// What becomes of the frames that ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_batch.h"
#include "core/runtime/collector.h"
#include "ingest/live/datagram_sorter.h"

namespace onrush {

// Description
//   A frame's verdict is the lines that flag its events when they come, in the order of the output.
//   An event that a later one makes suspicious is in the output alone: how much later that comes
//   is a matter of how datagrams fall into blocks.
// Threads
//   One at a time.
class Verdicts : public FlagObserver {
 public:
  using AnswerFn = std::function<void(const VerdictRequest& request, std::string_view lines)>;

  // The block that is processed next has these requests, by ascending arrival.
  void Expect(const std::vector<VerdictRequest>& requests);
  // Its batches, in order: which of its events belong to which request.
  void OnDecoded(const EventBatch& batch);
  void OnFlag(const LinePlace& place, std::string_view line) override;
  bool waiting() const { return pending_count_ > 0; }
  // The block is done: calls `answer` for each request, in their order.
  void Answer(const AnswerFn& answer);

 private:
  struct Pending {
    VerdictRequest request;
    uint64_t first_seq = 0;  // its events are [first_seq, end_seq)
    uint64_t end_seq = 0;
  };
  struct Flag {
    uint64_t seq = 0;
    uint32_t query = 0;
    size_t begin = 0;  // of the line, in text_
    size_t size = 0;
  };

  std::vector<Pending> pending_;  // the first pending_count_ are in use; the others keep memory
  size_t pending_count_ = 0;
  uint64_t next_seq_ = 0;
  std::vector<Flag> flags_;  // of the block
  std::string text_;
  std::string lines_;  // scratch
};

}  // namespace onrush
