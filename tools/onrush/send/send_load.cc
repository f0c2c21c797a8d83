#include "tools/onrush/send/send_load.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/block/block_writer.h"
#include "core/runtime/source.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ingest/byte_order_mark.h"
#include "ingest/csv_header.h"
#include "ingest/live/frame.h"
#include "ingest/open.h"
#include "tools/onrush/conversion.h"
#include "tools/onrush/found_stream.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/pacer.h"

namespace onrush {
namespace {

constexpr size_t kBatchRows = 1024;

// Collects events into packs.
class Packer {
 public:
  Packer(const SendLoadOptions& options, const StreamPlan& stream, SendLoad& load)
      : options_(options), load_(load) {
    if (options.as_blocks) block_.emplace(SchemaOf(stream));
    if (options.speed) pacer_.emplace(stream, *options.speed);
  }

  absl::Status Add(const EventBatch& batch) {
    // With a pace batches have one row, so that each has a time of its own.
    if (pacer_) event_due_ns_ = pacer_->DueTime(batch, ProcessingTime{0}).ns;
    for (size_t row = 0; row < batch.size; ++row) {
      if (block_) {
        ONRUSH_RETURN_IF_ERROR(AddToBlock(batch, row));
      } else {
        AddLine(batch.raw[row]);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (block_) return EndBlock();
    EndPack();
    return absl::OkStatus();
  }

 private:
  void AddLine(std::string_view line) {
    const size_t size = line.size() + 1;
    if (size > kMaxFramePayload) {
      ++load_.too_large;
      return;
    }
    if (load_.bytes.size() - begin_ + size > kMaxFramePayload) EndPack();
    load_.bytes.append(line).push_back('\n');
    due_ns_ = event_due_ns_;
    if (++count_ == options_.events_per_datagram) EndPack();
  }

  absl::Status AddToBlock(const EventBatch& batch, size_t row) {
    if (batch.bad[row] != 0) {
      ++load_.bad;
      return absl::OkStatus();
    }
    block_->Add(batch.columns, row);
    due_ns_ = event_due_ns_;
    ++count_;
    return count_ == options_.events_per_datagram ? EndBlock() : absl::OkStatus();
  }

  absl::Status EndBlock() {
    if (count_ == 0) return absl::OkStatus();
    ONRUSH_RETURN_IF_ERROR(block_->Finish(load_.bytes).status());
    if (load_.bytes.size() - begin_ > kMaxFramePayload) {
      return absl::InvalidArgumentError(fmt::format(
          "a block of {} events has {} bytes, and a datagram at most {}; right would be "
          "a smaller --pack",
          count_, load_.bytes.size() - begin_, kMaxFramePayload));
    }
    EndPack();
    return absl::OkStatus();
  }

  void EndPack() {
    if (count_ == 0) return;
    load_.events += count_;
    if (options_.rate) {
      due_ns_ = static_cast<int64_t>(static_cast<double>(load_.events - 1) / *options_.rate * 1e9);
    }
    load_.packs.push_back({begin_, static_cast<uint32_t>(load_.bytes.size() - begin_),
                           static_cast<uint16_t>(count_), due_ns_});
    begin_ = load_.bytes.size();
    count_ = 0;
  }

  const SendLoadOptions& options_;
  SendLoad& load_;
  std::optional<BlockWriter> block_;
  std::optional<Pacer> pacer_;
  int64_t event_due_ns_ = 0;  // of the event that is added
  // Of the open pack: when its last event is due, where it begins, …
  int64_t due_ns_ = 0;
  size_t begin_ = 0;
  size_t count_ = 0;  // … and how many events it has
};

absl::Status CheckHeader(const TextBlock& block, const StreamPlan& stream) {
  CsvHeader header;
  ONRUSH_RETURN_IF_ERROR(
      ReadCsvHeader(block.text, ByteOrderMarkSize(block.text), stream.delimiter, header));
  std::vector<std::string> fields;
  for (const FieldPlan& field : stream.fields) fields.push_back(field.name);
  if (header.names == fields) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{}: has the columns {}, but lines without a header have those of stream '{}': "
                  "{}; right would "
                  "be --blocks, or a file with these columns",
                  block.file, fmt::join(header.names, ","), stream.name, fmt::join(fields, ",")));
}

class Loading {
 public:
  Loading(const SendLoadOptions& options, Format format, SendLoad& load)
      : options_(options), format_(format), load_(load) {}

  absl::Status Add(const TextBlock& block) {
    if (decoder_ == nullptr) ONRUSH_RETURN_IF_ERROR(Begin(block));
    if (format_ == Format::kCsv && block.first_of_input && stream_.header && !options_.as_blocks) {
      ONRUSH_RETURN_IF_ERROR(CheckHeader(block, stream_));
    }
    ONRUSH_RETURN_IF_ERROR(decoder_->Start(block));
    for (bool more = true; more;) {
      batch_->Clear();
      more = decoder_->Decode(*batch_);
      ONRUSH_RETURN_IF_ERROR(packer_->Add(*batch_));
    }
    return absl::OkStatus();
  }

  absl::Status Finish() { return packer_ ? packer_->Finish() : absl::OkStatus(); }

 private:
  absl::Status Begin(const TextBlock& block) {
    ONRUSH_ASSIGN_OR_RETURN(stream_, StreamOrFound(options_.stream, block, format_));
    ONRUSH_RETURN_IF_ERROR(SchemaOf(stream_).Validate());
    packer_.emplace(options_, stream_, load_);
    // Where nobody declared a time, no event is bad for want of one.
    if (!options_.stream) stream_.time_column = SIZE_MAX;
    ONRUSH_ASSIGN_OR_RETURN(decoder_, MakeDecoder(stream_, format_));
    batch_.emplace(stream_, 0, options_.speed ? 1 : kBatchRows);
    return absl::OkStatus();
  }

  const SendLoadOptions& options_;
  const Format format_;
  SendLoad& load_;
  StreamPlan stream_;
  std::unique_ptr<Decoder> decoder_;
  std::optional<EventBatch> batch_;
  std::optional<Packer> packer_;
};

}  // namespace

absl::StatusOr<SendLoad> LoadEvents(const SendLoadOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(options.stream, options.inputs));
  if (format == Format::kOrb && !options.as_blocks) {
    return absl::InvalidArgumentError(
        "an .orb file has no lines to send; right would be --blocks, or `onrush convert` to .csv");
  }
  BlockOptions blocks;
  blocks.stop = options.stop;
  absl::StatusOr<std::unique_ptr<Source>> source =
      OpenFiles(options.inputs, options.stream.value_or(StreamPlan{}), format, blocks);
  if (!source.ok()) return AsInputError(source.status());
  SendLoad load;
  load.has_times = options.rate || options.speed;
  Loading loading(options, format, load);
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = (*source)->Next(block);
    if (!more.ok()) return AsInputError(more.status());
    if (!*more) break;
    if (options.stop.requested()) return absl::CancelledError("interrupted; nothing was sent");
    ONRUSH_RETURN_IF_ERROR(loading.Add(block));
  }
  ONRUSH_RETURN_IF_ERROR(loading.Finish());
  return load;
}

}  // namespace onrush
