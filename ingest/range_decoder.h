// Leaves out events that lie outside a range of time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/plan.h"
#include "core/runtime/source.h"

namespace onrush {

// Description
//   Decodes by another decoder, then moves the rows that stay together. Bad events stay: when they
//   happened is not known. The rest is counted in EventBatch::outside.
// Threads
//   One at a time.
class RangeDecoder : public Decoder {
 public:
  // The range is the stream's, [replay_from, replay_until).
  RangeDecoder(const StreamPlan& stream, std::unique_ptr<Decoder> decoder)
      : from_(stream.replay_from.value_or(kMinEventTime).ns),
        until_(stream.replay_until),
        decoder_(std::move(decoder)) {}

  absl::Status Start(const TextBlock& block) override { return decoder_->Start(block); }
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder& other) override {
    decoder_->ContinueInputOf(*static_cast<const RangeDecoder&>(other).decoder_);
  }

 private:
  void RemoveOutside(size_t first, EventBatch& batch);

  const int64_t from_;
  const std::optional<EventTime> until_;
  const std::unique_ptr<Decoder> decoder_;
  std::vector<uint64_t> moved_lines_;  // scratch
};

}  // namespace onrush
