// Where --stats goes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "operators/sinks/file_sink.h"

namespace onrush {

// Opened before a run, so that no run is in vain for a file that cannot be written.
class StatsFile {
 public:
  // An empty name: none.
  static absl::StatusOr<StatsFile> Open(const std::string& name);

  // The whole of it. Does nothing if there is none.
  absl::Status Write(std::string_view json);

 private:
  std::unique_ptr<FileSink> file_;
};

}  // namespace onrush
