// Events as they arrived, by the decoders of what they came as.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/event_batch.h"
#include "core/runtime/source.h"
#include "ingest/orb_decoder.h"

namespace onrush {

// Description
//   Decodes one arrival after the other. Each row knows its arrival; file and line are the
//   sender's. An arrival that cannot be read at all, such as a damaged block, is one bad event.
// Threads
//   One at a time; records are written once Decode() is done with the block.
class ArrivalDecoder : public Decoder, private RecordWriter {
 public:
  struct Decoders {
    std::unique_ptr<Decoder> text;      // of ArrivalKind::kText
    std::unique_ptr<Decoder> records;   // of kRecords: without a header
    std::unique_ptr<OrbDecoder> block;  // of kBlock
    // Another one, which reads a block again when a record of it is to be written.
    std::unique_ptr<OrbDecoder> record_block;
  };
  explicit ArrivalDecoder(Decoders decoders) : decoders_(std::move(decoders)) {}

  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder& other) override;

 private:
  // Begins with the next arrival.
  absl::Status StartNext();
  void AddUnreadable(const absl::Status& why, EventBatch& batch) const;
  void AppendRecord(const EventBatch& batch, size_t row, std::string& out) const override;
  Decoder& DecoderFor(ArrivalKind kind) const;

  const Decoders decoders_;
  std::span<const Arrival> arrivals_;
  size_t next_ = 0;
  bool first_of_input_ = false;
  Decoder* current_ = nullptr;  // has rows left of arrival next_ − 1
  TextBlock part_;              // the current arrival
};

}  // namespace onrush
