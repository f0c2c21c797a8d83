// How the program ends. Frozen: scripts rely on these.
#pragma once

#include "absl/status/status.h"

namespace onrush {

enum ExitCode : int {
  kExitDone = 0,
  kExitFailed = 1,          // missing or unreadable input, full disk, closed pipe, interrupted
  kExitUsage = 2,           // wrong flags or arguments
  kExitDamagedData = 65,    // damaged compressed input; a bad event with --strict
  kExitConfiguration = 78,  // wrong pipeline file, or one that does not fit the input
};

// Prints "onrush: <message>" to standard error and returns the exit code for `status`:
// kInvalidArgument is a configuration error, kDataLoss damaged data, the rest failed.
// Requires: `status` is not OK.
ExitCode ReportError(const absl::Status& status);

}  // namespace onrush
