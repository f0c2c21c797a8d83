// What a run came to, for people (--stats: for programs).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/plan.h"
#include "core/runtime/ledger.h"

namespace onrush {

struct RunReport {
  const Plan& plan;
  const Ledger& ledger;
  double elapsed_s = 0;
  uint64_t lines = 0;
  uint64_t digest = 0;                  // XXH3-64 over the result lines
  std::vector<std::string> notes = {};  // what the source has to say, of damage above all
};

// One JSON object in one line, `time_zone_data` is the version of the
// system's, or null where that cannot be found out.
std::string StatsJson(const RunReport& report);

// The ledger as tables: a row a stream, a row a query. Counters that are zero everywhere and
// belong to rare features are left out.
std::string SummaryText(const RunReport& report);

// "2,000,000".
std::string WithThousands(uint64_t number);

// "4.9 M", "12 k", "640": for rates.
std::string Rounded(double number);

}  // namespace onrush
