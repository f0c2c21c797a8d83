// What a run of a plan over one input gives, from the engine or from the model, to be compared byte
// for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace onrush {

// An input of a stream as if read from a file.
struct InputText {
  size_t stream = 0;  // index in Plan::streams
  std::string file;   // the name that the bad output shows
  std::string text;
};

struct RunResult {
  struct StreamLedger {
    uint64_t read = 0;  // events, bad ones included
    uint64_t bad = 0;
    friend bool operator==(const StreamLedger&, const StreamLedger&) = default;
  };
  struct QueryLedger {
    uint64_t counted = 0;
    uint64_t late = 0;
    uint64_t partly_late = 0;  // among the counted
    uint64_t skipped_null_key = 0;
    uint64_t filtered = 0;
    uint64_t rejected = 0;
    friend bool operator==(const QueryLedger&, const QueryLedger&) = default;
  };

  std::string results;  // JSON Lines, as are the next two
  std::string late;
  std::string bad;
  std::vector<StreamLedger> streams;
  std::vector<QueryLedger> queries;
};

}  // namespace onrush
