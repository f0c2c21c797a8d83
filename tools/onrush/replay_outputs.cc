#include "tools/onrush/replay_outputs.h"

#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "operators/sinks/csv_view.h"
#include "operators/sinks/table_view.h"
#include "tools/onrush/strict_sink.h"

namespace onrush {
namespace {

std::unique_ptr<LineSink> WithView(std::unique_ptr<LineSink> file, ResultFormat format) {
  switch (format) {
    case ResultFormat::kTable:
      return std::make_unique<TableView>(std::move(file));
    case ResultFormat::kCsv:
      return std::make_unique<CsvView>(std::move(file));
    case ResultFormat::kJsonLines:
      break;
  }
  return file;
}

}  // namespace

absl::StatusOr<ReplayOutputs> ReplayOutputs::Open(const ReplayOutputOptions& options) {
  ReplayOutputs outputs;
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<LineSink> file,
                          outputs.OpenFile(options.results, options.stop));
  outputs.results_ = WithView(std::move(file), options.format);
  if (!options.late.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(outputs.late_, outputs.OpenFile(options.late, options.stop));
  }
  if (!options.bad.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(outputs.bad_, outputs.OpenFile(options.bad, options.stop));
  }
  if (options.strict) outputs.bad_ = std::make_unique<StrictSink>(std::move(outputs.bad_));
  return outputs;
}

absl::StatusOr<std::unique_ptr<LineSink>> ReplayOutputs::OpenFile(const std::string& path,
                                                                  StopToken stop) {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<FileSink> file, FileSink::Open(path, stop));
  files_.push_back({path == "-" ? "standard output" : path, file.get()});
  return std::unique_ptr<LineSink>(std::move(file));
}

absl::Status ReplayOutputs::Flush() {
  for (const auto& sink : {results_.get(), late_.get(), bad_.get()}) {
    if (sink != nullptr) ONRUSH_RETURN_IF_ERROR(sink->Flush());
  }
  return absl::OkStatus();
}

absl::Status ReplayOutputs::Finish() {
  for (const auto& sink : {results_.get(), late_.get(), bad_.get()}) {
    if (sink != nullptr) ONRUSH_RETURN_IF_ERROR(sink->Finish());
  }
  return absl::OkStatus();
}

std::string ReplayOutputs::WhatWasWritten() const {
  std::string text;
  for (const NamedFile& file : files_) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: {}", file.name, file.file->WhatWasWritten());
  }
  return text;
}

}  // namespace onrush
