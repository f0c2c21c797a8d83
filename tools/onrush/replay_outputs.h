// The three outputs of a replay: results, late events, bad events.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/stop_token.h"
#include "operators/sinks/file_sink.h"
#include "tools/engine/engine.h"

namespace onrush {

enum class ResultFormat : uint8_t { kJsonLines, kTable, kCsv };

struct ReplayOutputOptions {
  std::string results = "-";  // "-": standard output
  std::string late;           // empty: counted only
  std::string bad;            // empty: counted only
  ResultFormat format = ResultFormat::kJsonLines;
  bool strict = false;  // the first bad event is an error
  StopToken stop;       // ends waiting for readers
};

class ReplayOutputs {
 public:
  // Opens all of them, before anything is read.
  static absl::StatusOr<ReplayOutputs> Open(const ReplayOutputOptions& options);

  EngineOutputs for_engine() const { return {results_.get(), late_.get(), bad_.get()}; }

  // Shows readers what was taken so far.
  absl::Status Flush();
  // Makes them whole.
  absl::Status Finish();
  // "standard output: 4096 bytes were written", for each output of a run that was broken off.
  std::string WhatWasWritten() const;

 private:
  struct NamedFile {
    std::string name;
    const FileSink* file;
  };
  absl::StatusOr<std::unique_ptr<LineSink>> OpenFile(const std::string& path, StopToken stop);

  std::vector<NamedFile> files_;  // owned by the sinks below
  std::unique_ptr<LineSink> results_;
  std::unique_ptr<LineSink> late_;
  std::unique_ptr<LineSink> bad_;
};

}  // namespace onrush
