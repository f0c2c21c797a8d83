#include "tools/onrush/stats_file.h"

#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<StatsFile> StatsFile::Open(const std::string& name) {
  StatsFile stats;
  if (!name.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(stats.file_, FileSink::Open(name));
  }
  return stats;
}

absl::Status StatsFile::Write(std::string_view json) {
  if (file_ == nullptr) return absl::OkStatus();
  ONRUSH_RETURN_IF_ERROR(file_->Write(json));
  return file_->Finish();
}

}  // namespace onrush
