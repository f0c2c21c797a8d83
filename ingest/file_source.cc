#include "ingest/file_source.h"

#include <utility>

#include "core/status_macros.h"
#include "ingest/decompress.h"
#include "ingest/file_stream.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Open(std::vector<std::string> files,
                                                             Format format, char delimiter,
                                                             const BlockOptions& options) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  ONRUSH_ASSIGN_OR_RETURN(const FileFacts facts, InspectFiles(files));
  std::unique_ptr<FileSource> source(new FileSource(std::move(files), format, delimiter, options));
  source->bytes_total_ = facts.size_bytes;
  source->may_wait_ = !facts.regular;
  return source;
}

absl::StatusOr<bool> FileSource::Next(TextBlock& block) {
  if (done_) return false;
  const absl::StatusOr<bool> more = NextBlock(block);
  done_ = !more.ok() || !*more;
  return more;
}

absl::StatusOr<bool> FileSource::NextBlock(TextBlock& block) {
  if (!reader_.is_open()) {
    if (next_file_ == files_.size()) return false;
    ONRUSH_RETURN_IF_ERROR(OpenNextFile());
  }
  ONRUSH_RETURN_IF_ERROR(reader_.Next(block));
  return true;
}

absl::Status FileSource::OpenNextFile() {
  const std::string& name = files_[next_file_++];
  ONRUSH_ASSIGN_OR_RETURN(const FileFacts facts, InspectFile(name));
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> file,
                          FileStream::Open(name, bytes_read_, stop_));
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, Decompressed(std::move(file), name));
  reader_.Open(std::move(stream), name, facts.regular);
  return absl::OkStatus();
}

}  // namespace onrush
