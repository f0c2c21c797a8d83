#include "tests/realdata/trip_batch.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "tests/realdata/decimal_text.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

// The trips that count, by window and key.
using Groups = std::map<int64_t, std::map<int64_t, std::vector<const Trip*>>>;
Groups GroupsOf(const Booking& booking, bool by_passengers) {
  Groups groups;
  for (const auto& [trip, windows] : booking.counted) {
    const int64_t key = by_passengers ? *trip->passengers : trip->from_zone;
    for (const int64_t start : windows) groups[start][key].push_back(trip);
  }
  return groups;
}

std::string WindowText(const TripQuery& query, int64_t start) {
  return fmt::format(R"({{"query":"{}","window_start":"{}","window_end":"{}")", query.name,
                     UtcText(start), UtcText(start + query.size));
}

int64_t Income(const std::vector<const Trip*>& trips) {
  int64_t income = 0;
  for (const Trip* trip : trips) income += trip->amount;
  return income;
}

}  // namespace

FinalResults BatchAggregate(const TripQuery& query, const Booking& booking) {
  FinalResults results;
  for (const auto& [start, keys] : GroupsOf(booking, query.by_passengers)) {
    for (const auto& [key, trips] : keys) {
      int64_t farthest = 0;
      std::set<int64_t> goals;
      for (const Trip* trip : trips) {
        farthest = std::max(farthest, trip->distance);
        goals.insert(trip->to_zone);
      }
      const std::string identity =
          fmt::format("{},\"{}\":{}", WindowText(query, start),
                      query.by_passengers ? "passenger_count" : "PULocationID", key);
      results[identity] =
          fmt::format(R"("count":{},"income":{},"farthest":{},"goals":{}}})", trips.size(),
                      DecimalText(Income(trips), 2), DecimalText(farthest, 2), goals.size());
    }
  }
  return results;
}

FinalResults BatchTopK(const TripQuery& query, const Booking& booking, size_t k, bool by_income) {
  FinalResults results;
  for (const auto& [start, keys] : GroupsOf(booking, false)) {
    std::vector<std::pair<int64_t, int64_t>>
        ranks;  // less of the negative measure, then of the key
    for (const auto& [key, trips] : keys) {
      ranks.emplace_back(by_income ? -Income(trips) : -static_cast<int64_t>(trips.size()), key);
    }
    std::sort(ranks.begin(), ranks.end());
    std::string top;
    for (size_t rank = 0; rank < std::min(k, ranks.size()); ++rank) {
      const auto [negative, key] = ranks[rank];
      top +=
          fmt::format(R"({}{{"rank":{},"PULocationID":{},{}}})", rank > 0 ? "," : "", rank + 1, key,
                      by_income ? "\"sum_total_amount\":" + DecimalText(-negative, 2)
                                : fmt::format("\"count\":{}", -negative));
    }
    results[WindowText(query, start)] = fmt::format("\"top\":[{}]}}", top);
  }
  return results;
}

}  // namespace onrush::realdata
