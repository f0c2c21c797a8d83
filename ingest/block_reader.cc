#include "ingest/block_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/scan_kernels.h"

namespace onrush {

absl::Status BlockOptions::Validate() const {
  constexpr size_t kMax = size_t{1} << 30;
  if (block_bytes < 1 || block_bytes > kMax) {
    return absl::InvalidArgumentError(
        fmt::format("block_bytes is {}; right would be 1 to {}", block_bytes, kMax));
  }
  if (max_record_bytes < block_bytes || max_record_bytes > kMax) {
    return absl::InvalidArgumentError(
        fmt::format("max_record_bytes is {}; right would be {} (block_bytes) to {}",
                    max_record_bytes, block_bytes, kMax));
  }
  return absl::OkStatus();
}

BlockReader::BlockReader(Format format, char delimiter, const BlockOptions& options)
    : options_(options),
      cutter_(format, delimiter),
      capacity_(options.block_bytes),
      buffer_(std::make_unique<char[]>(capacity_ + TextBlock::kPadding)) {}

void BlockReader::Open(std::unique_ptr<ByteStream> stream, std::string_view name,
                       bool never_waits) {
  stream_ = std::move(stream);
  name_ = name;
  never_waits_ = never_waits;
  size_ = 0;
  ended_ = false;
  next_line_ = 1;
  first_of_input_ = true;
  cutter_.StartInput();
}

absl::Status BlockReader::Next(TextBlock& block) {
  while (true) {
    ONRUSH_RETURN_IF_ERROR(Read());
    if (ended_) {
      Deliver(size_, block);
      stream_ = nullptr;
      return absl::OkStatus();
    }
    const bool full = size_ == capacity_;
    if (!full && never_waits_) continue;
    const size_t end = cutter_.LastRecordEnd({buffer_.get(), size_});
    if (end > 0) {
      Deliver(end, block);
      cutter_.DropRecords();
      return absl::OkStatus();
    }
    if (full) ONRUSH_RETURN_IF_ERROR(MakeRoom());
  }
}

absl::Status BlockReader::Read() {
  ONRUSH_ASSIGN_OR_RETURN(const size_t count,
                          stream_->Read(buffer_.get() + size_, capacity_ - size_));
  size_ += count;
  ended_ = count == 0;
  return absl::OkStatus();
}

absl::Status BlockReader::MakeRoom() {
  if (capacity_ == options_.max_record_bytes) {
    return absl::ResourceExhaustedError(fmt::format(
        "{}:{}: a record of more than {} bytes (max_record_bytes); is a quote left open?", name_,
        next_line_, options_.max_record_bytes));
  }
  capacity_ = std::min(2 * capacity_, options_.max_record_bytes);
  auto larger = std::make_unique<char[]>(capacity_ + TextBlock::kPadding);
  std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  return absl::OkStatus();
}

void BlockReader::Deliver(size_t size, TextBlock& block) {
  std::unique_ptr<char[]> next = std::move(block.memory);
  if (block.memory_size != capacity_) {
    next = std::make_unique_for_overwrite<char[]>(capacity_ + TextBlock::kPadding);
  }
  std::memcpy(next.get(), buffer_.get() + size, size_ - size);
  size_ -= size;
  block.memory = std::exchange(buffer_, std::move(next));
  block.memory_size = capacity_;
  block.number = next_number_++;
  block.text = {block.memory.get(), size};
  block.first_line = next_line_;
  block.first_of_input = std::exchange(first_of_input_, false);
  block.last_of_input = ended_;
  block.file = name_;
  next_line_ += BestScanKernels().count(block.text.data(), size, '\n');
}

}  // namespace onrush
