#include "ingest/open.h"

#include <utility>

#include "absl/status/status.h"
#include "core/check.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/arrival_decoder.h"
#include "ingest/csv_decoder.h"
#include "ingest/file_source.h"
#include "ingest/json_lines_decoder.h"
#include "ingest/late_decoder.h"
#include "ingest/log_decoder.h"
#include "ingest/orb_columns.h"
#include "ingest/orb_decoder.h"
#include "ingest/orb_source.h"
#include "ingest/range_decoder.h"
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

absl::StatusOr<std::unique_ptr<Decoder>> MakeWholeDecoder(const StreamPlan& stream, Format format,
                                                          const ScanKernels& kernels);

// What MakeDecoder() makes for the late or bad output of an earlier run.
absl::StatusOr<std::unique_ptr<Decoder>> MakeLateDecoder(const StreamPlan& stream,
                                                         const ScanKernels& kernels) {
  StreamPlan records = stream;
  records.header = false;  // it is no record, so it is not in the output
  std::vector<LateDecoder::RecordFormat> formats;
  for (const Format format : stream.raw_format
                                 ? std::vector<Format>{*stream.raw_format}
                                 : std::vector<Format>{Format::kCsv, Format::kJsonLines}) {
    ONRUSH_CHECK(format != Format::kLate && format != Format::kOrb);
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder,
                            MakeWholeDecoder(records, format, kernels));
    formats.push_back({format, std::move(decoder)});
  }
  return std::make_unique<LateDecoder>(std::move(formats), stream.delimiter);
}

// What MakeDecoder() makes for live events and recordings.
absl::StatusOr<std::unique_ptr<Decoder>> MakeArrivalDecoder(const StreamPlan& stream,
                                                            const ScanKernels& kernels) {
  const Format format = stream.format.value_or(Format::kOrb);
  ONRUSH_CHECK(format != Format::kArrivals);
  StreamPlan records = stream;
  records.header = false;
  ArrivalDecoder::Decoders decoders;
  ONRUSH_ASSIGN_OR_RETURN(decoders.text, MakeWholeDecoder(stream, format, kernels));
  ONRUSH_ASSIGN_OR_RETURN(decoders.records, MakeWholeDecoder(records, format, kernels));
  ONRUSH_ASSIGN_OR_RETURN(const TimeParser time_parser, TimeParser::Create(stream.time_format));
  decoders.block = std::make_unique<OrbDecoder>(stream, time_parser);
  decoders.record_block = std::make_unique<OrbDecoder>(stream, time_parser);
  return std::make_unique<ArrivalDecoder>(std::move(decoders));
}

// A decoder of all events, whenever they happened.
absl::StatusOr<std::unique_ptr<Decoder>> MakeWholeDecoder(const StreamPlan& stream, Format format,
                                                          const ScanKernels& kernels) {
  ONRUSH_ASSIGN_OR_RETURN(TimeParser time_parser, TimeParser::Create(stream.time_format));
  switch (format) {
    case Format::kCsv:
      if (stream.delimiter == '"' || stream.delimiter == '\n' || stream.delimiter == '\r') {
        return absl::InvalidArgumentError(
            "delimiter: a quote or the end of a line; right would be a byte such as ',' or ';'");
      }
      return std::make_unique<CsvDecoder>(stream, std::move(time_parser), kernels);
    case Format::kJsonLines: {
      ONRUSH_ASSIGN_OR_RETURN(JsonPaths paths, JsonPaths::Create(stream.fields));
      return std::make_unique<JsonLinesDecoder>(stream, std::move(paths), std::move(time_parser),
                                                kernels);
    }
    case Format::kCommonLog:
    case Format::kCombinedLog:
      return LogDecoder::Create(stream, format == Format::kCombinedLog, std::move(time_parser));
    case Format::kLate:
      return MakeLateDecoder(stream, kernels);
    case Format::kOrb:
      return std::make_unique<OrbDecoder>(stream, std::move(time_parser));
    case Format::kArrivals:
      return MakeArrivalDecoder(stream, kernels);
  }
  ONRUSH_CHECK(false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> OpenFiles(std::vector<std::string> files,
                                                  const StreamPlan& stream, Format format,
                                                  const BlockOptions& options) {
  if (format != Format::kOrb) {
    return FileSource::Open(std::move(files), format, stream.delimiter, options);
  }
  OrbSourceOptions orb;
  orb.from = stream.replay_from;
  orb.until = stream.replay_until;
  orb.needed = NeededColumns(stream);
  orb.stop = options.stop;
  if (stream.time_column < stream.fields.size()) {
    orb.time_field = stream.fields[stream.time_column].name;
  }
  return OrbSource::Open(std::move(files), orb);
}

absl::StatusOr<std::unique_ptr<Decoder>> MakeDecoder(const StreamPlan& stream, Format format,
                                                     const ScanKernels& kernels) {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder,
                          MakeWholeDecoder(stream, format, kernels));
  if (!stream.replay_from && !stream.replay_until) return decoder;
  return std::make_unique<RangeDecoder>(stream, std::move(decoder));
}

std::optional<Format> FormatOfName(std::string_view name) {
  if (!TakeSuffix(name, ".gz")) TakeSuffix(name, ".zst");
  if (TakeSuffix(name, ".csv")) return Format::kCsv;
  for (const std::string_view suffix : {".jsonl", ".ndjson", ".json"}) {
    if (TakeSuffix(name, suffix)) return Format::kJsonLines;
  }
  if (TakeSuffix(name, ".orb")) return Format::kOrb;
  return std::nullopt;
}

bool IsOrb(const std::string& file) {
  return FormatOfName(file) == Format::kOrb || IsOrbFile(file);
}

}  // namespace onrush
