#include "tests/support/decode_all.h"

#include <utility>

#include "core/check.h"
#include "core/event_batch.h"
#include "core/key.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"

namespace onrush {
namespace {

std::string DescribeRow(const StreamPlan& stream, const EventBatch& batch, size_t row) {
  std::string text = fmt::format("{} ", batch.lines.Of(row));
  if (batch.bad[row] != 0) {
    for (const EventBatch::BadRow& bad : batch.bad_rows) {
      std::string scratch;
      if (bad.row == row) {
        text += fmt::format("bad [{}] raw [{}]", bad.reason, batch.Record(row, scratch));
      }
    }
    return text;
  }
  text += '{';
  for (size_t i = 0; i < stream.fields.size(); ++i) {
    text += fmt::format("{}\"{}\":", i == 0 ? "" : ",", stream.fields[i].name);
    AppendJsonValue(batch.columns[i], row, text);
  }
  return text + '}';
}

}  // namespace

absl::StatusOr<std::vector<std::string>> DecodeAll(const StreamPlan& stream, Format format,
                                                   std::vector<MemorySource::Input> inputs,
                                                   const DecodeSizes& sizes) {
  BlockOptions options;
  options.block_bytes = sizes.block_bytes;
  std::vector<std::string> rows;
  const ScanKernels* const* const all = AllScanKernels();
  for (const ScanKernels* const* kernels = all; *kernels != nullptr; ++kernels) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<MemorySource> source,
                            MemorySource::Create(inputs, format, stream.delimiter, options));
    ONRUSH_ASSIGN_OR_RETURN(std::vector<std::string> found,
                            DecodeSource(stream, format, *source, sizes.batch_rows, **kernels));
    if (kernels == all) {
      rows = std::move(found);
    } else if (found != rows) {
      return absl::InternalError(
          fmt::format("{} and {} kernels do not agree", all[0]->name, (*kernels)->name));
    }
  }
  return rows;
}

absl::StatusOr<std::vector<std::string>> DecodeSource(const StreamPlan& stream, Format format,
                                                      Source& source, size_t batch_rows,
                                                      const ScanKernels& kernels) {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder, MakeDecoder(stream, format, kernels));
  EventBatch batch(stream, 0, batch_rows);
  std::vector<std::string> rows;
  uint64_t outside = 0;
  TextBlock block;
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const bool more, source.Next(block));
    if (!more) break;
    ONRUSH_RETURN_IF_ERROR(decoder->Start(block));
    for (bool full = true; full;) {
      batch.Clear();
      full = decoder->Decode(batch);
      outside += batch.outside;
      for (size_t row = 0; row < batch.size; ++row) rows.push_back(DescribeRow(stream, batch, row));
    }
  }
  if (outside > 0) rows.push_back(fmt::format("{} outside", outside));
  return rows;
}

std::vector<std::string> MustDecodeAll(const StreamPlan& stream, Format format,
                                       std::vector<MemorySource::Input> inputs,
                                       const DecodeSizes& sizes) {
  absl::StatusOr<std::vector<std::string>> rows =
      DecodeAll(stream, format, std::move(inputs), sizes);
  ONRUSH_CHECK(rows.ok());
  return *std::move(rows);
}

StreamPlan MakeStream(std::vector<FieldPlan> fields) {
  StreamPlan stream;
  stream.name = "events";
  stream.time_format.kind = TimeFormat::Kind::kUnixSeconds;
  stream.fields = std::move(fields);
  return stream;
}

}  // namespace onrush
