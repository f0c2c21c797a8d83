// The files of a recording.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace onrush {

// A file of a recording is called by the number of its first row, from 0 on: where one ends, the
// next begins, and files that are missing show.
struct Segment {
  uint64_t first_row = 0;
  uint64_t bytes = 0;
};

// "00000000000000004711.orb".
std::string SegmentName(uint64_t first_row);
// Where that is in a recording.
std::string SegmentPath(const std::string& directory, uint64_t first_row);
// The row, or nothing for other names.
std::optional<uint64_t> ReadSegmentName(std::string_view name);

// The segments in a directory, in their order; other files are not looked at. Fails if it cannot
// be read.
absl::StatusOr<std::vector<Segment>> ListSegments(const std::string& directory);

}  // namespace onrush
