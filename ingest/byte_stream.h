// Bytes one after the other: what files, decompressors and memory have in common.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

namespace onrush {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Reads up to `size` bytes, at least one, to `to` and returns how many; 0 only at the end. May
  // return less than there is. Errors name the input; after one the stream is done.
  virtual absl::StatusOr<size_t> Read(char* to, size_t size) = 0;

  // Passes over up to `size` bytes without reading them and returns how many: 0 where that cannot
  // be, or at the end.
  virtual absl::StatusOr<uint64_t> Skip(uint64_t size) { return 0; }
};

}  // namespace onrush
