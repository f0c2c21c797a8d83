#include "tools/onrush/exit_code.h"

#include <cstdio>
#include <string>

#include "core/check.h"

namespace onrush {

ExitCode ReportError(const absl::Status& status) {
  ONRUSH_CHECK(!status.ok());
  std::fprintf(stderr, "onrush: %s\n", std::string(status.message()).c_str());
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return kExitConfiguration;
    case absl::StatusCode::kDataLoss:
      return kExitDamagedData;
    default:
      return kExitFailed;
  }
}

}  // namespace onrush
