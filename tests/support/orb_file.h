// .orb files for tests.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "tests/support/random_block.h"
#include "tests/support/run_result.h"

namespace onrush {

// The bytes of a file with these rows, so many in a block.
std::string OrbFile(const RandomBlock& rows, size_t block_rows, int zstd_level = 0);

// The same of the good events that a stream reads from a text, and how many are bad.
struct ConvertedText {
  std::string file;
  size_t bad = 0;
};
ConvertedText ConvertText(const StreamPlan& stream, const InputText& input, size_t block_rows);

// The rows of a file as RowText() has them, whole blocks only. Fails as OrbStream does.
struct OrbContent {
  std::vector<std::string> rows;
  bool closed = false;
};
absl::StatusOr<OrbContent> ReadOrbFile(const std::string& bytes);

}  // namespace onrush
