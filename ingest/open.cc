#include "ingest/open.h"

#include <utility>

#include "absl/status/status.h"
#include "core/check.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/csv_decoder.h"
#include "ingest/file_source.h"
#include "ingest/json_lines_decoder.h"
#include "ingest/late_decoder.h"
#include "ingest/log_decoder.h"
#include "ingest/time_parser.h"

namespace onrush {
namespace {

// Takes `suffix`, in any case, off the end of `name`.
bool TakeSuffix(std::string_view& name, std::string_view suffix) {
  if (name.size() < suffix.size()) return false;
  const std::string_view end = name.substr(name.size() - suffix.size());
  for (size_t i = 0; i < suffix.size(); ++i) {
    const char lower = end[i] >= 'A' && end[i] <= 'Z' ? static_cast<char>(end[i] | 0x20) : end[i];
    if (lower != suffix[i]) return false;
  }
  name.remove_suffix(suffix.size());
  return true;
}

// What MakeDecoder() makes for the late or bad output of an earlier run.
absl::StatusOr<std::unique_ptr<Decoder>> MakeLateDecoder(const StreamPlan& stream) {
  StreamPlan records = stream;
  records.header = false;  // it is no record, so it is not in the output
  std::vector<LateDecoder::RecordFormat> formats;
  for (const Format format : stream.raw_format
                                 ? std::vector<Format>{*stream.raw_format}
                                 : std::vector<Format>{Format::kCsv, Format::kJsonLines}) {
    ONRUSH_CHECK(format != Format::kLate);
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder, MakeDecoder(records, format));
    formats.push_back({format, std::move(decoder)});
  }
  return std::make_unique<LateDecoder>(std::move(formats), stream.delimiter);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> OpenFiles(std::vector<std::string> files, Format format,
                                                  char delimiter, const BlockOptions& options) {
  return FileSource::Open(std::move(files), format, delimiter, options);
}

absl::StatusOr<std::unique_ptr<Decoder>> MakeDecoder(const StreamPlan& stream, Format format) {
  ONRUSH_ASSIGN_OR_RETURN(TimeParser time_parser, TimeParser::Create(stream.time_format));
  switch (format) {
    case Format::kCsv:
      if (stream.delimiter == '"' || stream.delimiter == '\n' || stream.delimiter == '\r') {
        return absl::InvalidArgumentError(
            "delimiter: a quote or the end of a line; right would be a byte such as ',' or ';'");
      }
      return std::make_unique<CsvDecoder>(stream, std::move(time_parser));
    case Format::kJsonLines: {
      ONRUSH_ASSIGN_OR_RETURN(JsonPaths paths, JsonPaths::Create(stream.fields));
      return std::make_unique<JsonLinesDecoder>(stream, std::move(paths), std::move(time_parser));
    }
    case Format::kCommonLog:
    case Format::kCombinedLog:
      return LogDecoder::Create(stream, format == Format::kCombinedLog, std::move(time_parser));
    case Format::kLate:
      return MakeLateDecoder(stream);
  }
  ONRUSH_CHECK(false);
}

std::optional<Format> FormatOfName(std::string_view name) {
  if (!TakeSuffix(name, ".gz")) TakeSuffix(name, ".zst");
  if (TakeSuffix(name, ".csv")) return Format::kCsv;
  for (const std::string_view suffix : {".jsonl", ".ndjson", ".json"}) {
    if (TakeSuffix(name, suffix)) return Format::kJsonLines;
  }
  return std::nullopt;
}

}  // namespace onrush
