#include "tools/onrush/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "ingest/recording/recording_source.h"
#include "tools/onrush/command_line.h"

namespace onrush {

absl::StatusOr<Format> InputFormat(const StreamPlan& stream,
                                   const std::vector<std::string>& inputs) {
  if (std::any_of(inputs.begin(), inputs.end(), IsRecording)) {
    if (inputs.size() == 1) return Format::kArrivals;
    return absl::InvalidArgumentError(
        "found a directory among several inputs; right would be one recording, or files");
  }
  const auto orb_count = std::count_if(inputs.begin(), inputs.end(), IsOrb);
  if (orb_count == static_cast<std::ptrdiff_t>(inputs.size())) return Format::kOrb;
  if (orb_count > 0) {
    return absl::InvalidArgumentError(
        "some inputs are .orb files and some are not; right would be inputs of one format");
  }
  if (stream.format) return *stream.format;
  std::optional<Format> format;
  for (const std::string& input : inputs) {
    const std::optional<Format> named = FormatOfName(input);
    if (!named || (format && *format != *named)) {
      return absl::InvalidArgumentError(fmt::format(
          "stream '{}' has no format, and {}; right would be format = \"csv\", \"jsonl\", … in its "
          "section",
          stream.name,
          named ? fmt::format("'{}' and '{}' differ in theirs", inputs.front(), input)
                : fmt::format("the name '{}' does not tell it", input)));
    }
    format = named;
  }
  return *format;
}

absl::StatusOr<Format> InputFormat(const std::optional<StreamPlan>& stream,
                                   const std::vector<std::string>& inputs) {
  StreamPlan unknown;
  unknown.name = "events";
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(stream ? *stream : unknown, inputs));
  if (stream || format != Format::kArrivals) return format;
  return absl::InvalidArgumentError(fmt::format(
      "{}: a recording needs a pipeline (-p), which says what its fields are", inputs.front()));
}

absl::Status BindInputs(const Plan& plan, std::vector<std::string>& inputs) {
  std::vector<std::string_view> streams;
  for (const StreamPlan& stream : plan.streams) streams.push_back(stream.name);
  for (std::string& input : inputs) {
    const size_t equals = input.find('=');
    if (equals == input.npos || access(input.c_str(), F_OK) == 0) continue;
    const std::string stream = input.substr(0, equals);
    if (std::find(streams.begin(), streams.end(), stream) == streams.end()) {
      return absl::InvalidArgumentError(
          fmt::format("{}: {}", input, Unknown("stream", stream, streams)));
    }
    input.erase(0, equals + 1);
  }
  return absl::OkStatus();
}

absl::Status TakeRecordedFormat(const std::vector<std::string>& inputs, StreamPlan& stream) {
  if (inputs.size() != 1 || !IsRecording(inputs.front())) return absl::OkStatus();
  const absl::StatusOr<RecordedStream> recorded = ReadRecordedStream(inputs.front());
  if (recorded.status().code() == absl::StatusCode::kDataLoss) return absl::OkStatus();
  if (!recorded.ok()) return AsInputError(recorded.status());
  if (recorded->name != stream.name) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}': found a recording of the stream '{}'; right would be '{}', as in the pipeline",
        inputs.front(), recorded->name, stream.name));
  }
  stream.format = recorded->format;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Source>> OpenInputs(const std::vector<std::string>& inputs,
                                                   const StreamPlan& stream, Format format,
                                                   const BlockOptions& blocks, bool skip_damaged) {
  if (format != Format::kArrivals) return OpenFiles(inputs, stream, format, blocks);
  RecordingOptions options;
  options.skip_damaged = skip_damaged;
  options.stop = blocks.stop;
  return RecordingSource::Open(inputs.front(), stream.name, options);
}

void PrintNotes(const Source& source) {
  for (const std::string& note : source.notes()) fmt::print(stderr, "onrush: {}\n", note);
}

absl::Status AsInputError(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument
             ? absl::UnavailableError(status.message())
             : status;
}

absl::Status CheckFilesDiffer(const std::vector<std::string>& inputs,
                              const std::vector<std::string_view>& outputs) {
  std::vector<std::string_view> seen(inputs.begin(), inputs.end());
  for (const std::string_view path : outputs) {
    const bool is_file = !path.empty() && path != "-" && !path.starts_with("/dev/");
    if (is_file && std::find(seen.begin(), seen.end(), path) != seen.end()) {
      return absl::InvalidArgumentError(
          fmt::format("'{}' is there twice; each input and output needs a file of its own", path));
    }
    seen.push_back(path);
  }
  return absl::OkStatus();
}

}  // namespace onrush
