// What `replay` and `convert` know of the files they are given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

// The stream's format, or the one that all inputs' names tell. What can only be .orb is, whatever
// the stream's events were before. Fails with kInvalidArgument if none can be told.
absl::StatusOr<Format> InputFormat(const StreamPlan& stream,
                                   const std::vector<std::string>& inputs);

// Errors of reading are no matter of the pipeline, whatever their code.
absl::Status AsInputError(const absl::Status& status);

}  // namespace onrush
