// What is wrong with a pipeline file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tools/engine/toml_document.h"

namespace onrush {

// Collects the errors of one file, so that a user sees them all at once.
class PipelineErrors {
 public:
  explicit PipelineErrors(std::string_view file_name) : file_name_(file_name) {}

  // "FILE:LINE:COLUMN: SETTING: found FOUND; would be right: RIGHT".
  void Add(TomlPosition position, std::string_view setting, std::string_view found,
           std::string_view right);
  // The same with "found …; would be right: …" in one text.
  void AddText(TomlPosition position, std::string_view setting, std::string_view text);
  // "FILE:LINE:COLUMN: WHAT is not supported yet", or "are".
  void AddUnsupported(TomlPosition position, std::string_view what, std::string_view verb = "is");

  bool empty() const { return errors_.empty(); }

  // OK, or kInvalidArgument with a line for each error in the order of their places, without those
  // beyond the first twenty.
  absl::Status ToStatus() const;

 private:
  struct Error {
    TomlPosition position;
    std::string text;
  };

  std::string file_name_;
  std::vector<Error> errors_;
};

}  // namespace onrush
