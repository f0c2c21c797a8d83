#include "tests/realdata/trips.h"

#include "core/check.h"
#include "fmt/format.h"
#include "tests/realdata/csv_reader.h"
#include "tests/realdata/decimal_text.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kStream = "trips";

// Books a trip in one query; returns what it missed there.
std::optional<Missed> Book(const Trip& trip, const TripQuery& query, int64_t lateness,
                           Booking& booking, bool& rejected) {
  RunResult::QueryLedger& ledger = booking.ledger;
  if (query.only_moved && trip.distance == 0) {
    ++ledger.filtered;
    return std::nullopt;
  }
  if (query.by_passengers && !trip.passengers) {
    ++ledger.skipped_null_key;
    return std::nullopt;
  }
  WindowShare share;
  if (query.size > 0) {
    share = ShareOf(trip.time, trip.watermark, query.size, query.slide, lateness);
  } else if (IsLateForVelocity(trip.time, trip.watermark, lateness)) {
    share.missed = 1;
  } else {
    share.open = {trip.time};
  }
  if (share.IsLate()) {
    ++ledger.late;
  } else if (query.rejects_refunds && trip.amount < 0) {
    ++ledger.rejected;
    rejected = true;
  } else {
    ++ledger.counted;
    ledger.partly_late += share.IsPartlyLate();
    booking.counted.push_back({&trip, share.open});
  }
  if (share.missed == 0) return std::nullopt;
  return Missed{query.name, share.missed, static_cast<int64_t>(share.open.size())};
}

}  // namespace

std::vector<Trip> LoadTrips(std::string_view text, int64_t bound) {
  constexpr int64_t kEasternStandardTime = -5 * 3'600'000;
  std::vector<Trip> trips;
  NaiveWatermark watermark(bound);
  CsvReader csv(text);
  const size_t time = csv.ColumnOf("lpep_pickup_datetime"), from = csv.ColumnOf("PULocationID"),
               to = csv.ColumnOf("DOLocationID"), passengers = csv.ColumnOf("passenger_count"),
               distance = csv.ColumnOf("trip_distance"), amount = csv.ColumnOf("total_amount");
  while (csv.Next()) {
    Trip& trip = trips.emplace_back();
    trip.seq = trips.size() - 1;
    trip.line = csv.line();
    trip.raw = csv.raw();
    trip.time = ReadUtc(csv.cell(time)) - kEasternStandardTime;
    trip.watermark = watermark.value();
    trip.from_zone = ReadDecimal(csv.cell(from), 0);
    trip.to_zone = ReadDecimal(csv.cell(to), 0);
    if (csv.cell(passengers) != "") trip.passengers = ReadDecimal(csv.cell(passengers), 0);
    trip.distance = ReadDecimal(csv.cell(distance), 2);
    trip.amount = ReadDecimal(csv.cell(amount), 2);
    watermark.Raise(trip.time);
  }
  return trips;
}

Bookings BookTrips(const std::vector<Trip>& trips, const std::vector<TripQuery>& queries,
                   int64_t lateness, std::string_view file) {
  Bookings bookings;
  bookings.queries.resize(queries.size());
  for (const Trip& trip : trips) {
    std::vector<Missed> missed;
    for (size_t i = 0; i < queries.size(); ++i) {
      bool rejected = false;
      const auto in_query = Book(trip, queries[i], lateness, bookings.queries[i], rejected);
      if (in_query) missed.push_back(*in_query);
      if (rejected) {
        bookings.bad +=
            fmt::format(R"({{"stream":"{}","file":"{}","line":{},"seq":{},"reason":"","raw":"{}"}})"
                        "\n",
                        kStream, file, trip.line, trip.seq, trip.raw);
      }
    }
    if (missed.empty()) continue;
    bookings.late += LateLine(kStream, trip.seq, trip.time, *trip.watermark, missed, trip.raw);
  }
  return bookings;
}

}  // namespace onrush::realdata
