// Decodes whole texts for tests and fuzzers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "ingest/memory_source.h"
#include "ingest/scan_kernels.h"

namespace onrush {

struct DecodeSizes {
  size_t block_bytes = 512 * 1024;
  size_t batch_rows = 1024;
};

// One line for every row, such as `2 {"ts":"1970-01-01T00:00:01Z","page":"/a"}` (line number, then
// the values) or `3 bad [ts: missing] raw [x,]`.
// Decoded with the kernels for each kind of processor that this one can do: kInternal if they do
// not agree.
absl::StatusOr<std::vector<std::string>> DecodeAll(const StreamPlan& stream, Format format,
                                                   std::vector<MemorySource::Input> inputs,
                                                   const DecodeSizes& sizes = {});

// The same of a source; a last line tells how many events were left out, if any.
absl::StatusOr<std::vector<std::string>> DecodeSource(
    const StreamPlan& stream, Format format, Source& source, size_t batch_rows,
    const ScanKernels& kernels = BestScanKernels());

// The same where nothing can go wrong.
std::vector<std::string> MustDecodeAll(const StreamPlan& stream, Format format,
                                       std::vector<MemorySource::Input> inputs,
                                       const DecodeSizes& sizes = {});

// A stream whose first field is its time, in unix_s.
StreamPlan MakeStream(std::vector<FieldPlan> fields);

}  // namespace onrush
