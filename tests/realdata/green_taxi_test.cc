// A month of New York's green taxis in the order in which trips ended, by the time of the pick-up:
// real disorder, with a watermark 10 minutes behind and an hour of lateness.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/naive_velocity.h"
#include "tests/realdata/replay.h"
#include "tests/realdata/revisions.h"
#include "tests/realdata/trip_batch.h"
#include "tests/realdata/trips.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kPipeline = R"toml(
[stream.trips]
format = "csv"
time = "lpep_pickup_datetime"
time_format = "%Y-%m-%d %H:%M:%S"
time_zone = "America/New_York"
max_out_of_orderness = "10m"
allowed_lateness = "1h"
[stream.trips.fields]
lpep_pickup_datetime = "timestamp"
PULocationID = "int"
DOLocationID = "int"
passenger_count = "int"
trip_distance = "decimal(2)"
total_amount = "decimal(2)"

[[query]]
name = "hourly"
type = "aggregate"
key = "PULocationID"
window = { size = "1h" }
compute = ["count", "sum(total_amount) as income", "max(trip_distance) as farthest",
           "distinct(DOLocationID) as goals"]

[[query]]
name = "busiest"
type = "top_k"
key = "PULocationID"
window = { size = "30m", slide = "10m" }
k = 5

[[query]]
name = "earners"
type = "top_k"
key = "PULocationID"
window = { size = "1h" }
k = 3
by = "sum(total_amount)"
late_updates = "each"

[[query]]
name = "parties"
type = "aggregate"
key = "passenger_count"
window = { size = "30m", slide = "10m" }
compute = ["count", "sum(total_amount) as income", "max(trip_distance) as farthest",
           "distinct(DOLocationID) as goals"]
where = "trip_distance > 0"
late_updates = "each"

[[query]]
name = "rush"
type = "velocity"
key = "PULocationID"
within = "10m"
count_over = 8
distinct_at_least = { field = "DOLocationID", n = 7 }

[[query]]
name = "takings"
type = "velocity"
key = "PULocationID"
within = "1h"
sum_over = { field = "total_amount", amount = 900 }
cooldown = "2h"
)toml";

constexpr int64_t kMinute = 60'000, kHour = 60 * kMinute;
constexpr int64_t kBound = 10 * kMinute, kLateness = kHour;

enum QueryIndex { kHourly, kBusiest, kEarners, kParties, kRush, kTakings };

const std::vector<TripQuery>& Queries() {
  static const auto& queries = *new std::vector<TripQuery>{
      {.name = "hourly", .size = kHour, .slide = kHour},
      {.name = "busiest", .size = 30 * kMinute, .slide = 10 * kMinute},
      {.name = "earners", .size = kHour, .slide = kHour},
      {.name = "parties",
       .size = 30 * kMinute,
       .slide = 10 * kMinute,
       .only_moved = true,
       .by_passengers = true},
      {.name = "rush"},
      {.name = "takings", .rejects_refunds = true},
  };
  return queries;
}

const std::vector<NaiveVelocity::Query>& VelocityQueries() {
  static const auto& queries = *new std::vector<NaiveVelocity::Query>{
      {.name = "rush",
       .key_field = "PULocationID",
       .within = 10 * kMinute,
       .count_over = 8,
       .distinct = NaiveVelocity::Distinct{"DOLocationID", 7}},
      {.name = "takings",
       .key_field = "PULocationID",
       .within = kHour,
       .sum = NaiveVelocity::Sum{"total_amount", 2, 900'00},
       .cooldown = 2 * kHour},
  };
  return queries;
}

NaiveVelocity::Event EventOf(const Trip& trip) {
  return {trip.seq, trip.time, trip.from_zone, trip.to_zone, trip.amount};
}

// What `query` says of the counted trips in the order of arrival.
std::string ExpectedFlags(const NaiveVelocity::Query& query, const Booking& booking) {
  NaiveVelocity velocity(query);
  std::string lines;
  for (const auto& counted : booking.counted) lines += velocity.Arrive(EventOf(*counted.trip));
  return lines;
}

// The trips that `query` flags, cooldown or not, when they come in the order of their times.
std::vector<uint64_t> FlaggedInOrder(const NaiveVelocity::Query& query, const Booking& booking) {
  std::vector<const Trip*> trips;
  for (const auto& counted : booking.counted) trips.push_back(counted.trip);
  std::stable_sort(trips.begin(), trips.end(),
                   [](const Trip* a, const Trip* b) { return a->time < b->time; });
  NaiveVelocity velocity(query);
  for (const Trip* trip : trips) velocity.Arrive(EventOf(*trip));
  return velocity.Flagged();
}

std::vector<uint64_t> EventNumbers(const std::string& lines) {
  constexpr std::string_view kMember = "\"event_seq\":";
  std::vector<uint64_t> numbers;
  for (size_t at = 0; (at = lines.find(kMember, at)) != std::string::npos;) {
    at += kMember.size();
    numbers.push_back(std::stoull(lines.substr(at, 20)));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

void CheckFinalResults(const FinalResults& batch, const std::string& results, const char* query) {
  CAPTURE(query);
  const Revisions revisions = ReadRevisions(LinesOf(results, query));
  CHECK(revisions.errors == "");
  CHECK(revisions.updates > 0);
  CHECK(Difference(TextOf(batch), TextOf(revisions.final_results)) == "");
}

void CheckTrips(const RunResult& run, const std::string& file, std::string_view text) {
  const std::vector<Trip> trips = LoadTrips(text, kBound);
  const Bookings bookings = BookTrips(trips, Queries(), kLateness, file);
  RunResult expected = {run.results, bookings.late, bookings.bad, {{trips.size(), 0}}, {}};
  for (const Booking& booking : bookings.queries) expected.queries.push_back(booking.ledger);
  CHECK(Difference(expected, run) == "");
  CheckBalance(run);

  const std::vector<Booking>& booked = bookings.queries;
  CheckFinalResults(BatchAggregate(Queries()[kHourly], booked[kHourly]), run.results, "hourly");
  CheckFinalResults(BatchTopK(Queries()[kBusiest], booked[kBusiest], 5, false), run.results,
                    "busiest");
  CheckFinalResults(BatchTopK(Queries()[kEarners], booked[kEarners], 3, true), run.results,
                    "earners");
  CheckFinalResults(BatchAggregate(Queries()[kParties], booked[kParties]), run.results, "parties");

  for (size_t i = 0; i < VelocityQueries().size(); ++i) {
    const NaiveVelocity::Query& query = VelocityQueries()[i];
    const std::string lines = LinesOf(run.results, query.name);
    CHECK(lines != "");
    CHECK(Difference(ExpectedFlags(query, booked[kRush + i]), lines) == "");
  }
  CHECK(EventNumbers(LinesOf(run.results, "rush")) ==
        FlaggedInOrder(VelocityQueries()[0], booked[kRush]));
}

TEST_SUITE_BEGIN("realdata/green_taxi");

TEST_CASE("late taxi trips are all told, and the last revisions are those of a batch of the rest") {
  const auto path = FindDataFile("green_taxi_by_dropoff.csv.zst");
  if (!path) return;
  const RunResult run = ReplayFile(ParsePlan(kPipeline), *path);
  CHECK(run.streams[0].read == 56'551);
  CHECK(run.queries[kHourly].late > 0);
  CHECK(run.queries[kBusiest].partly_late > 0);
  CHECK(run.queries[kParties].skipped_null_key > 0);
  CHECK(run.queries[kTakings].rejected > 0);
  CheckTrips(run, *path, ReadDataFile(*path));
}

TEST_CASE("what is said of taxi trips does not depend on how the input is cut") {
  const auto path = FindDataFile("green_taxi_by_dropoff.csv.zst");
  if (!path) return;
  const std::string all = ReadDataFile(*path);
  const std::string_view some = FirstLines(all, 12'001);
  CheckTrips(ReplayInManyWays(ParsePlan(kPipeline), *path, some), *path, some);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush::realdata
