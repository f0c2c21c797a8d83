// What `replay`, `profile` and `convert` know of the files they are given.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/block_reader.h"

namespace onrush {

// The stream's format, or the one that all inputs' names tell. What can only be .orb is, whatever
// the stream's events were before; a directory is a recording. Fails with kInvalidArgument if none
// can be told.
absl::StatusOr<Format> InputFormat(const StreamPlan& stream,
                                   const std::vector<std::string>& inputs);

// The same where there may be no pipeline: then the inputs' names have to tell, and a recording
// fails too.
absl::StatusOr<Format> InputFormat(const std::optional<StreamPlan>& stream,
                                   const std::vector<std::string>& inputs);

// Takes `STREAM=` off the inputs. A name with '=' in it that names no stream is a file's; if there
// is none either, it fails with kInvalidArgument.
absl::Status BindInputs(const Plan& plan, std::vector<std::string>& inputs);
// Where the input is a recording, gives the stream the format of its records, which may not be the
// one that it has for files. kInvalidArgument: it is a recording of another stream. Damage is told
// when it is read.
absl::Status TakeRecordedFormat(const std::vector<std::string>& inputs, StreamPlan& stream);

// Files, or a recording, as one source. `skip_damaged` is for recordings.
absl::StatusOr<std::unique_ptr<Source>> OpenInputs(const std::vector<std::string>& inputs,
                                                   const StreamPlan& stream, Format format,
                                                   const BlockOptions& blocks, bool skip_damaged);

// Tells standard error what the source has to say at its end.
void PrintNotes(const Source& source);

// Errors of reading are no matter of the pipeline, whatever their code.
absl::Status AsInputError(const absl::Status& status);

// Two outputs into one file would overwrite each other, and an output its input. Outputs may be
// empty, "-" or devices.
absl::Status CheckFilesDiffer(const std::vector<std::string>& inputs,
                              const std::vector<std::string_view>& outputs);

}  // namespace onrush
