#include "ingest/zone_offset.h"

#include <cstdint>
#include <random>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("ingest/zone_offset");

TEST_CASE("the offset is that of the earlier reading, around every change of many zones") {
  const absl::CivilSecond epoch(1970, 1, 1);
  std::mt19937_64 random(7);
  for (const char* name :
       {"UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
        "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Antarctica/Troll",
        "Europe/Amsterdam", "Africa/Monrovia", "Asia/Tehran", "America/St_Johns"}) {
    CAPTURE(name);
    absl::TimeZone zone;
    REQUIRE(absl::LoadTimeZone(name, &zone));
    ZoneOffset offsets(zone);
    const auto check = [&](int64_t local_s) {
      CAPTURE(local_s);
      const int64_t expected = local_s - absl::ToUnixSeconds(zone.At(epoch + local_s).pre);
      const ZoneOffset::Stretch& stretch = offsets.At(local_s);
      REQUIRE(stretch.offset_s == expected);
      REQUIRE(stretch.begin_s <= local_s);
      REQUIRE(local_s < stretch.end_s);
    };
    absl::Time at = absl::FromCivil(absl::CivilYear(1850), absl::UTCTimeZone());
    absl::TimeZone::CivilTransition change;
    for (int changes = 0; changes < 500 && zone.NextTransition(at, &change); ++changes) {
      at = zone.At(change.from).trans;  // the change lies in a gap or a repetition of its `from`
      if (zone.At(change.from).kind == absl::TimeZone::TimeInfo::UNIQUE) {
        at = absl::FromCivil(change.to, zone);
      }
      for (const absl::CivilSecond& local : {change.from, change.to}) {
        for (int64_t delta = -2; delta <= 2; ++delta) check(local - epoch + delta);
        check(local - epoch + static_cast<int64_t>(random() % 20'000) - 10'000);
      }
    }
    for (int i = 0; i < 2'000; ++i) {  // 1700 to 2250
      check(static_cast<int64_t>(random() % 17'000'000'000) - 8'500'000'000);
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
