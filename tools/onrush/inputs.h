// What `replay`, `profile` and `convert` know of the files they are given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

// The stream's format, or the one that all inputs' names tell. What can only be .orb is, whatever
// the stream's events were before. Fails with kInvalidArgument if none can be told.
absl::StatusOr<Format> InputFormat(const StreamPlan& stream,
                                   const std::vector<std::string>& inputs);

// Takes `STREAM=` off the inputs. A name with '=' in it that names no stream is a file's; if there
// is none either, it fails with kInvalidArgument.
absl::Status BindInputs(const Plan& plan, std::vector<std::string>& inputs);

// Errors of reading are no matter of the pipeline, whatever their code.
absl::Status AsInputError(const absl::Status& status);

// Two outputs into one file would overwrite each other, and an output its input. Outputs may be
// empty, "-" or devices.
absl::Status CheckFilesDiffer(const std::vector<std::string>& inputs,
                              const std::vector<std::string_view>& outputs);

}  // namespace onrush
