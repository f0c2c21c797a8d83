#include "ingest/input_files.h"

#include "core/status_macros.h"
#include "ingest/decompress.h"
#include "ingest/file_stream.h"

namespace onrush {

absl::Status InputFiles::Inspect() {
  ONRUSH_ASSIGN_OR_RETURN(const FileFacts facts, InspectFiles(files_));
  bytes_total_ = facts.size_bytes;
  may_wait_ = !facts.regular;
  return absl::OkStatus();
}

absl::StatusOr<InputFiles::Input> InputFiles::OpenNext() {
  const std::string& name = files_[next_++];
  ONRUSH_ASSIGN_OR_RETURN(const FileFacts facts, InspectFile(name));
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> file,
                          FileStream::Open(name, bytes_read_, stop_));
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> bytes, Decompressed(std::move(file), name));
  return Input{name, std::move(bytes), facts.regular};
}

}  // namespace onrush
