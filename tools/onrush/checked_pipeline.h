// A pipeline file of which all is known to be right.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tools/engine/engine.h"

namespace onrush {

// Reads a pipeline file and puts it together: the engine holds the plan and is not meant to run.
// Fails as LoadPipeline(), and with kInvalidArgument on what only shows when it is put together,
// such as a time zone that the system does not have.
absl::StatusOr<std::unique_ptr<Engine>> LoadChecked(const std::string& path);

}  // namespace onrush
