// The first record of a CSV input, which names its columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

// Where the declared fields are in the records that follow.
struct CsvColumns {
  size_t count = 0;
  std::vector<size_t> column_of_field;
};

// The header as it stands in a text.
struct CsvHeader {
  std::vector<std::string> names;
  size_t end = 0;          // just after its newline
  uint64_t line = 0;       // its first line, counted from the text's, which is 0
  uint64_t next_line = 0;  // of what follows it
};

// Finds the first record that is not blank at or after `begin`. Without one, there are no names and
// `end` is the end of the text. Fails with kInvalidArgument on broken quotes; then only `line`
// counts.
absl::Status ReadCsvHeader(std::string_view text, size_t begin, char delimiter, CsvHeader& header);

// Finds every field among the names. Fails with kInvalidArgument if one is missing, naming the
// nearest that is there, or is there more than once.
absl::StatusOr<CsvColumns> MatchCsvHeader(const std::vector<FieldPlan>& fields,
                                          const std::vector<std::string>& names);

}  // namespace onrush
