// Pipeline files: TOML in, a validated plan out.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

// Reads the text of a pipeline file. Everything in the plan has been checked: what it leads to
// cannot fail for a reason that stands in the file.
//
// Fails with kInvalidArgument and one line for each error that was found (twenty at most), in the
// file's order: "FILE:LINE:COLUMN: SETTING: found …; would be right: …". Lines and columns count
// from 1, columns in characters. What the contract has and this version does not is an error too:
// "FILE:LINE:COLUMN: SETTING is not supported yet". `file_name` is for messages, and, without
// folders and extension, the plan's name if the file gives none.
absl::StatusOr<Plan> ParsePipeline(std::string_view text, std::string_view file_name);

// Reads the file at `path`. Fails like ParsePipeline(), and with kNotFound, kPermissionDenied or
// kUnavailable, "PATH: cannot be read: …", if the file cannot be read.
absl::StatusOr<Plan> LoadPipeline(const std::string& path);

}  // namespace onrush
