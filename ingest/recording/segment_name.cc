#include "ingest/recording/segment_name.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kDigits = 20;
constexpr std::string_view kSuffix = ".orb";

}  // namespace

std::string SegmentName(uint64_t first_row) {
  return fmt::format("{:0{}}{}", first_row, kDigits, kSuffix);
}

std::string SegmentPath(const std::string& directory, uint64_t first_row) {
  return directory + "/" + SegmentName(first_row);
}

std::optional<uint64_t> ReadSegmentName(std::string_view name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  uint64_t row = 0;
  const char* const end = name.data() + kDigits;
  const auto [stop, error] = std::from_chars(name.data(), end, row);
  if (error != std::errc() || stop != end) return std::nullopt;
  return row;
}

absl::StatusOr<std::vector<Segment>> ListSegments(const std::string& directory) {
  std::vector<Segment> segments;
  std::error_code error;
  std::filesystem::directory_iterator files(directory, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    const std::optional<uint64_t> row = ReadSegmentName(files->path().filename().native());
    if (!row) continue;
    segments.push_back({*row, files->file_size(error)});
    if (error) break;
  }
  if (error) {
    return absl::UnavailableError(fmt::format("cannot read '{}': {}", directory, error.message()));
  }
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.first_row < b.first_row; });
  return segments;
}

}  // namespace onrush
