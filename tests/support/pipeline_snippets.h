// Pipeline files that are right but for a snippet, and what is said about them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onrush {

struct PipelineErrorCase {
  std::string_view snippet;
  std::string_view error;
};

// The message about the file "p.toml", or "no error".
std::string PipelineErrorsOf(std::string_view text);

// A file whose stream "clicks" has these settings from line 2 on, the fields ts, page and amount
// after them, and a query.
std::string WithStream(std::string_view settings);

// A file whose query "q" has these settings from line 12 on; its table begins at line 10, and the
// stream "clicks" has the fields ts, page, user, amount and weight.
std::string WithQuery(std::string_view settings);

// The same with the type in line 12 and the settings from line 13 on.
std::string WithTopK(std::string_view settings);
std::string WithVelocity(std::string_view settings);
std::string WithAggregate(std::string_view settings);

// Checks each snippet, put into a file by `file`.
void CheckPipelineErrors(std::string (*file)(std::string_view),
                         const std::vector<PipelineErrorCase>& cases);

}  // namespace onrush
