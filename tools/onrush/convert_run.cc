#include "tools/onrush/convert_run.h"

#include <memory>
#include <utility>

#include "core/runtime/source.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "ingest/orb_source.h"
#include "operators/sinks/file_sink.h"
#include "tools/onrush/conversion.h"
#include "tools/onrush/found_stream.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

constexpr size_t kFoundBlockBytes = 8 << 20;  // JSON: members are looked for in so many bytes

absl::StatusOr<std::unique_ptr<Source>> OpenSource(const ConvertOptions& options, Format format) {
  if (format == Format::kOrb) {
    // This is how what is there of a file that was not closed becomes a whole one.
    OrbSourceOptions orb;
    orb.accept_unclosed = true;
    orb.stop = options.stop;
    return OrbSource::Open(options.inputs, orb);
  }
  BlockOptions blocks;
  blocks.stop = options.stop;
  if (!options.stream) blocks.block_bytes = kFoundBlockBytes;
  return OpenInputs(options.inputs, options.stream.value_or(StreamPlan{}), format, blocks,
                    options.skip_damaged);
}

// Later columns that the first block does not have would be lost.
absl::Status CheckColumns(const TextBlock& block, Format format, const StreamPlan& first) {
  const bool tells_columns =
      format == Format::kOrb || (format == Format::kCsv && block.first_of_input);
  const BlockSchema schema = SchemaOf(first);
  if (!tells_columns || (format == Format::kOrb && HasSchema(block, schema))) {
    return absl::OkStatus();
  }
  ONRUSH_ASSIGN_OR_RETURN(const StreamPlan found, FindStream(block, format));
  if (SchemaOf(found) == schema) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "{}: has other columns than what was read before; right would be a pipeline (-p) that says "
      "which to keep",
      block.file));
}

// Reads `source` to its end.
absl::StatusOr<std::unique_ptr<Conversion>> ConvertAll(const ConvertOptions& options, Format format,
                                                       Source& source, LineSink& output,
                                                       LineSink* bad) {
  std::unique_ptr<Conversion> conversion;
  StreamPlan stream;
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source.Next(block);
    if (!more.ok()) return AsInputError(more.status());
    if (!*more) break;
    if (options.stop.requested()) return absl::CancelledError("interrupted; nothing was written");
    if (conversion == nullptr) {
      ONRUSH_ASSIGN_OR_RETURN(stream, StreamOrFound(options.stream, block, format));
      ONRUSH_ASSIGN_OR_RETURN(conversion, Conversion::Create(options, format, stream, output, bad));
    } else if (!options.stream) {
      ONRUSH_RETURN_IF_ERROR(CheckColumns(block, format, stream));
    }
    ONRUSH_RETURN_IF_ERROR(conversion->Convert(block));
  }
  if (conversion == nullptr && options.stream) {
    ONRUSH_ASSIGN_OR_RETURN(conversion,
                            Conversion::Create(options, format, *options.stream, output, bad));
  }
  if (conversion == nullptr) return absl::DataLossError("the input has not one whole block");
  ONRUSH_RETURN_IF_ERROR(conversion->Close());
  return conversion;
}

void PrintSummary(const Conversion& conversion, const FileSink& output) {
  const std::string losses = conversion.Losses();
  fmt::print(stderr, "{} events, {} of them bad, into {} bytes{}{}\n",
             WithThousands(conversion.rows()), WithThousands(conversion.bad_rows()),
             WithThousands(output.bytes_written()), losses.empty() ? "" : "; ", losses);
}

}  // namespace

absl::Status ConvertOptions::Validate() const {
  const std::optional<Format> format = FormatOfName(output);
  const bool plain = !output.ends_with(".gz") && !output.ends_with(".zst");
  if (!plain ||
      !(format == Format::kOrb || format == Format::kCsv || format == Format::kJsonLines)) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}' does not tell what to write; right would be a name that ends in .orb, .csv or .jsonl",
        output));
  }
  if (zstd_level > 19 || (zstd_level > 0 && format != Format::kOrb)) {
    return absl::InvalidArgumentError(fmt::format(
        "--zstd {}: must be from 1 to 19, or 0 for none, and is for .orb only", zstd_level));
  }
  return CheckFilesDiffer(inputs, {output, bad});
}

absl::Status ConvertFiles(ConvertOptions options) {
  if (options.stream) {
    ONRUSH_RETURN_IF_ERROR(TakeRecordedFormat(options.inputs, *options.stream));
  }
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(options.stream, options.inputs));
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<FileSink> output,
                          FileSink::Open(options.output, options.stop));
  std::unique_ptr<FileSink> bad;
  if (!options.bad.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(bad, FileSink::Open(options.bad, options.stop));
  }
  const absl::StatusOr<std::unique_ptr<Source>> source = OpenSource(options, format);
  if (!source.ok()) return AsInputError(source.status());
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Conversion> conversion,
                          ConvertAll(options, format, **source, *output, bad.get()));
  ONRUSH_RETURN_IF_ERROR(output->Finish());
  if (bad != nullptr) ONRUSH_RETURN_IF_ERROR(bad->Finish());
  PrintNotes(**source);
  PrintSummary(*conversion, *output);
  return absl::OkStatus();
}

}  // namespace onrush
