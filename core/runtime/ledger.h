// What became of every event: the counters that balance at the end of a run.
#pragma once

#include <cstdint>
#include <vector>

namespace onrush {

struct StreamLedger {
  uint64_t read = 0;       // records, good and bad
  uint64_t bad = 0;        // did not parse, were refused by a guard or a derived field
  uint64_t duplicate = 0;  // dropped by dedup
  uint64_t outside = 0;    // not read: outside the time that was asked for
};

// read = bad + duplicate + filtered + skipped_null_key + late + rejected + over_max_keys + counted,
// where read, bad and duplicate are the stream's.
struct QueryLedger {
  uint64_t filtered = 0;          // `where` was false
  uint64_t skipped_null_key = 0;  // a column of the key was null
  uint64_t late = 0;              // too late for everything it belongs to
  uint64_t rejected = 0;          // a negative value in a sum that must not sink
  uint64_t over_max_keys = 0;     // its key was one too many
  uint64_t counted = 0;           // took part, partly late ones included
  uint64_t partly_late = 0;       // of these and over_max_keys: too late for some of its windows
  uint64_t sum_overflows = 0;     // results shown as null because a float sum left its range
  uint64_t lines = 0;             // result lines
};

struct Ledger {
  std::vector<StreamLedger> streams;  // in the plan's order
  std::vector<QueryLedger> queries;   // in the plan's order
};

}  // namespace onrush
