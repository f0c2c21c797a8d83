#include "ingest/file_source.h"

#include <utility>

#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Open(std::vector<std::string> files,
                                                             Format format, char delimiter,
                                                             const BlockOptions& options) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  std::unique_ptr<FileSource> source(new FileSource(std::move(files), format, delimiter, options));
  ONRUSH_RETURN_IF_ERROR(source->files_.Inspect());
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
    if (files_.at_end()) return false;
    ONRUSH_ASSIGN_OR_RETURN(InputFiles::Input input, files_.OpenNext());
    reader_.Open(std::move(input.bytes), input.name, input.never_waits);
  }
  ONRUSH_RETURN_IF_ERROR(reader_.Next(block));
  return true;
}

}  // namespace onrush
