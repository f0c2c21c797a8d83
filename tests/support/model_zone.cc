#include "tests/support/model_zone.h"

#include <algorithm>

#include "absl/time/time.h"
#include "core/check.h"

namespace onrush::model {
namespace {

// Wider than 64-bit nanoseconds (1677 to 2262).
constexpr int64_t kBegin = -10'000'000'000;
constexpr int64_t kEnd = 10'000'000'000;
constexpr int64_t kDaySeconds = 86'400;

}  // namespace

Zone& Zone::Named(const std::string& name) {
  static std::map<std::string, Zone>& zones = *new std::map<std::string, Zone>;
  auto found = zones.find(name);
  if (found == zones.end()) found = zones.emplace(name, Zone(name)).first;
  return found->second;
}

Zone::Zone(const std::string& name) {
  absl::TimeZone zone;
  ONRUSH_CHECK(absl::LoadTimeZone(name, &zone));
  absl::Time begin = absl::FromUnixSeconds(kBegin);
  while (absl::ToUnixSeconds(begin) < kEnd) {
    absl::TimeZone::CivilTransition change;
    absl::Time end = absl::FromUnixSeconds(kEnd);
    if (zone.NextTransition(begin, &change)) end = std::min(end, zone.At(change.to).post);
    stretches_.push_back(
        {absl::ToUnixSeconds(begin), absl::ToUnixSeconds(end), zone.At(begin).offset});
    begin = end;
  }
}

int64_t Zone::OffsetAt(int64_t utc) const {
  for (const Stretch& stretch : stretches_) {
    if (utc < stretch.end) return stretch.offset;
  }
  return stretches_.back().offset;
}

int64_t Zone::InstantOf(int64_t local) const {
  for (const Stretch& stretch : stretches_) {
    const int64_t utc = local - stretch.offset;
    if (utc >= stretch.begin && utc < stretch.end) return utc;
  }
  for (const Stretch& stretch : stretches_) {
    if (local - stretch.offset >= stretch.end) continue;
    return local - (&stretch - 1)->offset;  // skipped: the stretch before has ended too early
  }
  return local - stretches_.back().offset;
}

std::vector<int64_t> Zone::Changes() const {
  std::vector<int64_t> changes;
  for (size_t i = 1; i < stretches_.size(); ++i) changes.push_back(stretches_[i].begin);
  return changes;
}

std::optional<int64_t> Zone::StartOfDay(int64_t day) {
  auto [entry, is_new] = day_starts_.try_emplace(day);
  if (is_new) entry->second = FindStartOfDay(day);
  return entry->second;
}

std::optional<int64_t> Zone::FindStartOfDay(int64_t day) const {
  for (const Stretch& stretch : stretches_) {
    const int64_t begin = std::max(stretch.begin, day * kDaySeconds - stretch.offset);
    const int64_t end = std::min(stretch.end, (day + 1) * kDaySeconds - stretch.offset);
    if (begin < end) return begin;
  }
  return std::nullopt;
}

}  // namespace onrush::model
