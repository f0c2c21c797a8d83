// gzip and Zstandard, recognised by their first bytes.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/byte_stream.h"

namespace onrush {

// A stream of what `stream` holds once decompressed: gzip (any number of members), Zstandard (any
// number of frames), else its bytes as they are. The first bytes tell, not the name, so that it
// works on standard input too. Reads fail with kDataLoss, naming `name`, on data that is damaged or
// cut short, and on bytes behind a member or frame that begin no other. Zstandard windows of more
// than 128 MiB (`zstd --long=28` and up) are refused with kResourceExhausted.
absl::StatusOr<std::unique_ptr<ByteStream>> Decompressed(std::unique_ptr<ByteStream> stream,
                                                         std::string name);

}  // namespace onrush
