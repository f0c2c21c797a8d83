// Taxi trips, in the order in which they ended, and queries over them, computed by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/realdata/late_lines.h"
#include "tests/support/run_result.h"

namespace onrush::realdata {

struct Trip {
  uint64_t seq = 0;
  uint64_t line = 0;
  std::string raw;
  int64_t time = 0;                  // of the pick-up, in milliseconds
  std::optional<int64_t> watermark;  // before the trip
  int64_t from_zone = 0;
  int64_t to_zone = 0;
  std::optional<int64_t> passengers;
  int64_t distance = 0;  // in hundredths of a mile
  int64_t amount = 0;    // in cents
};

// Reads a text in Eastern Standard Time. `bound` is the watermark's distance in milliseconds.
std::vector<Trip> LoadTrips(std::string_view text, int64_t bound);

struct TripQuery {
  std::string name;
  int64_t size = 0;   // of its windows in milliseconds; 0: velocity
  int64_t slide = 0;  // of its windows
  bool only_moved = false;
  bool by_passengers = false;
  bool rejects_refunds = false;
};

// What became of the trips in one query.
struct Booking {
  struct Counted {
    const Trip* trip;
    std::vector<int64_t> windows;  // the beginnings of those that it counts in
  };
  std::vector<Counted> counted;
  RunResult::QueryLedger ledger;
};

// Books all trips in all queries, and writes the late and bad outputs (without reasons).
struct Bookings {
  std::vector<Booking> queries;
  std::string late;
  std::string bad;
};
Bookings BookTrips(const std::vector<Trip>& trips, const std::vector<TripQuery>& queries,
                   int64_t lateness, std::string_view file);

}  // namespace onrush::realdata
