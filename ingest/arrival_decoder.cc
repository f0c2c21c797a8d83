#include "ingest/arrival_decoder.h"

#include <algorithm>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

void Describe(const Arrival& arrival, bool first_of_input, TextBlock& block) {
  block.text = arrival.bytes;
  block.file = arrival.sender;
  block.first_line = arrival.line;
  block.first_of_input = first_of_input;
  block.last_of_input = arrival.kind != ArrivalKind::kText;
}

}  // namespace

absl::Status ArrivalDecoder::Start(const TextBlock& block) {
  arrivals_ = block.arrivals;
  next_ = 0;
  current_ = nullptr;
  first_of_input_ = block.first_of_input;
  // Only here may a header be told wrong, and is it told to the decoder of the next block.
  const bool with_text = !arrivals_.empty() && arrivals_[0].kind == ArrivalKind::kText;
  return with_text ? StartNext() : absl::OkStatus();
}

bool ArrivalDecoder::Decode(EventBatch& batch) {
  batch.arrivals = arrivals_;
  while (!batch.full()) {
    if (current_ == nullptr) {
      if (next_ == arrivals_.size()) break;
      if (const absl::Status started = StartNext(); !started.ok()) {
        AddUnreadable(started, batch);
        continue;
      }
    }
    const size_t first = batch.size;
    if (!current_->Decode(batch)) current_ = nullptr;
    // Other blocks will have their turn while the batch is used.
    if (arrivals_[next_ - 1].kind == ArrivalKind::kBlock) decoders_.block->Detach(batch, first);
    std::fill(batch.arrival.begin() + static_cast<std::ptrdiff_t>(first),
              batch.arrival.begin() + static_cast<std::ptrdiff_t>(batch.size),
              static_cast<uint32_t>(next_ - 1));
  }
  batch.record_writer = this;
  return current_ != nullptr || next_ < arrivals_.size();
}

void ArrivalDecoder::ContinueInputOf(const Decoder& other) {
  decoders_.text->ContinueInputOf(*static_cast<const ArrivalDecoder&>(other).decoders_.text);
}

absl::Status ArrivalDecoder::StartNext() {
  const Arrival& arrival = arrivals_[next_++];
  Describe(arrival, std::exchange(first_of_input_, false), part_);
  if (arrival.kind == ArrivalKind::kBlock && arrival.bytes.empty()) {
    return absl::DataLossError("an empty block");
  }
  Decoder& decoder = DecoderFor(arrival.kind);
  ONRUSH_RETURN_IF_ERROR(decoder.Start(part_));
  current_ = &decoder;
  return absl::OkStatus();
}

void ArrivalDecoder::AddUnreadable(const absl::Status& why, EventBatch& batch) const {
  const size_t row = batch.size++;
  batch.raw[row] = part_.text;
  batch.lines.SetFrom(row, part_.first_line);
  batch.arrival[row] = static_cast<uint32_t>(next_ - 1);
  batch.MarkBad(row, std::string(why.message()));
}

void ArrivalDecoder::AppendRecord(const EventBatch& batch, size_t row, std::string& out) const {
  const Arrival& arrival = batch.arrivals[batch.arrival[row]];
  if (arrival.kind != ArrivalKind::kBlock) {
    out += batch.raw[row];
    return;
  }
  TextBlock block;
  Describe(arrival, false, block);
  if (arrival.bytes.empty() || !decoders_.record_block->Start(block).ok()) {
    out += arrival.bytes;
    return;
  }
  decoders_.record_block->AppendRecord(batch, row, out);
}

Decoder& ArrivalDecoder::DecoderFor(ArrivalKind kind) const {
  switch (kind) {
    case ArrivalKind::kText:
      return *decoders_.text;
    case ArrivalKind::kRecords:
      return *decoders_.records;
    case ArrivalKind::kBlock:
      break;
  }
  return *decoders_.block;
}

}  // namespace onrush
