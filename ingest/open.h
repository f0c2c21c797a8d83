// What the rest of the program needs of this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/block_reader.h"
#include "ingest/scan_kernels.h"

namespace onrush {

// Files, one after the other, as one source; "-" is standard input, `.gz` and `.zst` are
// recognised by content. Fails, naming the file, if one is missing, unreadable or a directory.
absl::StatusOr<std::unique_ptr<Source>> OpenFiles(std::vector<std::string> files,
                                                  const StreamPlan& stream, Format format,
                                                  const BlockOptions& options = {});

// A decoder of a stream's events; each thread needs one of its own. Fails with kInvalidArgument if
// the stream's time format, time zone or delimiter cannot work. Tests force other kernels than the
// fastest.
absl::StatusOr<std::unique_ptr<Decoder>> MakeDecoder(
    const StreamPlan& stream, Format format, const ScanKernels& kernels = BestScanKernels());

// The format that a file's name tells: .csv is CSV; .jsonl, .ndjson and .json are JSON Lines; .orb
// is what it says; .gz or .zst may follow. Letters in any case. Nothing for other names.
std::optional<Format> FormatOfName(std::string_view name);

// True if a file can only be .orb: by its name or its first bytes.
bool IsOrb(const std::string& file);

}  // namespace onrush
