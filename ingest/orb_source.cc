#include "ingest/orb_source.h"

#include <bit>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "core/block/block_schema.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/file_stream.h"

namespace onrush {

bool IsOrbFile(const std::string& file) {
  const absl::StatusOr<FileFacts> facts = InspectFile(file);
  if (file == "-" || !facts.ok() || !facts->regular) return false;
  uint64_t bytes_read = 0;
  const auto stream = FileStream::Open(file, bytes_read, {});
  char magic[kFileMagic.size()];
  if (!stream.ok()) return false;
  const absl::StatusOr<size_t> count = (*stream)->Read(magic, sizeof(magic));
  return count.ok() && std::string_view(magic, *count) == kFileMagic;
}

absl::StatusOr<std::unique_ptr<OrbSource>> OrbSource::Open(std::vector<std::string> files,
                                                           const OrbSourceOptions& options) {
  std::unique_ptr<OrbSource> source(new OrbSource(std::move(files), options));
  ONRUSH_RETURN_IF_ERROR(source->files_.Inspect());
  return source;
}

absl::StatusOr<bool> OrbSource::Next(TextBlock& block) {
  if (done_) return false;
  const absl::StatusOr<bool> more = NextBlock(block);
  done_ = !more.ok() || !*more;
  return more;
}

absl::StatusOr<bool> OrbSource::NextBlock(TextBlock& block) {
  while (stream_ != nullptr || !files_.at_end()) {
    if (stream_ == nullptr) ONRUSH_RETURN_IF_ERROR(OpenNextFile());
    ONRUSH_ASSIGN_OR_RETURN(bool more, stream_->Next());
    if (more) {
      ONRUSH_ASSIGN_OR_RETURN(const bool outside, IsOutside());
      const uint32_t rows = stream_->header().row_count;
      if (!outside) {
        ONRUSH_ASSIGN_OR_RETURN(more, ReadBlock(block));
        if (more) return true;
      } else {
        ONRUSH_ASSIGN_OR_RETURN(more, stream_->PassOver());
        if (more) events_outside_ += rows;
        next_row_ += rows;
      }
    }
    if (!more) ONRUSH_RETURN_IF_ERROR(CloseFile());
  }
  if (events_outside_ == 0) return false;
  block.text = {};
  block.partial = false;
  block.number = next_number_++;
  block.first_of_input = false;
  block.events_outside = std::exchange(events_outside_, 0);
  return true;
}

// A block that tells of no times may have any.
absl::StatusOr<bool> OrbSource::IsOutside() {
  const BlockHeader& header = stream_->header();
  if (!header.has_times) return false;
  const bool outside = (options_.from && header.max_time < options_.from->ns) ||
                       (options_.until && header.min_time >= options_.until->ns);
  if (!outside) return false;
  const absl::StatusOr<BlockSchema> schema = ReadSchema(stream_->schema());
  // What is wrong with it is told when the block is read.
  return schema.ok() && schema->time_column &&
         schema->columns[*schema->time_column].name == options_.time_field;
}

absl::StatusOr<bool> OrbSource::ReadBlock(TextBlock& block) {
  const BlockHeader& header = stream_->header();
  // Blocks are about as large as each other: this makes room for the next ones too.
  const size_t room = std::bit_ceil(header.block_size() + TextBlock::kPadding);
  if (block.memory_size < room) {
    block.memory.reset(new char[room]);
    block.memory_size = room;
  }
  const std::vector<bool>* const needed = FindNeeded();
  ONRUSH_ASSIGN_OR_RETURN(const bool whole, stream_->Read(block.memory.get(), needed));
  if (!whole) return false;
  std::memset(block.memory.get() + header.block_size(), 0, TextBlock::kPadding);
  block.text = {block.memory.get(), header.block_size()};
  block.number = next_number_++;
  block.partial = needed != nullptr;
  block.offset = stream_->offset();
  block.first_line = next_row_;
  block.first_of_input = std::exchange(first_of_input_, false);
  block.last_of_input = false;  // not known: the index comes after it
  block.file = file_;
  block.events_outside = std::exchange(events_outside_, 0);
  next_row_ += header.row_count;
  return true;
}

const std::vector<bool>* OrbSource::FindNeeded() {
  if (!options_.needed) return nullptr;
  if (needed_columns_.empty() || stream_->schema() != known_schema_) {
    const absl::StatusOr<BlockSchema> schema = ReadSchema(stream_->schema());
    needed_columns_.clear();
    if (!schema.ok()) return nullptr;  // what is wrong with it is told when the block is opened
    for (const BlockColumn& column : schema->columns) {
      needed_columns_.push_back(options_.needed(column));
    }
    known_schema_ = stream_->schema();
  }
  return &needed_columns_;
}

absl::Status OrbSource::OpenNextFile() {
  ONRUSH_ASSIGN_OR_RETURN(InputFiles::Input input, files_.OpenNext());
  file_ = input.name;
  stream_ = std::make_unique<OrbStream>(std::move(input.bytes), std::string(file_));
  next_row_ = 1;
  first_of_input_ = true;
  return absl::OkStatus();
}

absl::Status OrbSource::CloseFile() {
  const std::unique_ptr<OrbStream> stream = std::move(stream_);
  if (stream->end() == OrbStream::End::kClosed) return absl::OkStatus();
  const std::string what = stream->DescribeEnd();
  if (!options_.accept_unclosed) {
    return absl::DataLossError(
        fmt::format("{}; `onrush convert` makes a whole file of what is there", what));
  }
  notes_.push_back(what + "; what is there was read");
  return absl::OkStatus();
}

}  // namespace onrush
