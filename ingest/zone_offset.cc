#include "ingest/zone_offset.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace onrush {
namespace {

constexpr absl::CivilSecond kEpoch(1970, 1, 1);

// The local time from which on the offset after the change holds.
int64_t Boundary(const absl::TimeZone::CivilTransition& change) {
  return std::max(change.from, change.to) - kEpoch;
}

}  // namespace

void ZoneOffset::Find(int64_t local_s) {
  using TimeInfo = absl::TimeZone::TimeInfo;
  const TimeInfo info = zone_.At(kEpoch + local_s);
  stretch_ = {INT64_MIN, INT64_MAX, local_s - absl::ToUnixSeconds(info.pre)};
  // An instant at which the offset found was in force; what is skipped was never shown at any.
  const absl::Time instant =
      info.kind == TimeInfo::SKIPPED ? info.trans - absl::Seconds(1) : info.pre;
  absl::TimeZone::CivilTransition change;
  // A second later, so that a change at this very instant counts as the one before.
  if (zone_.PrevTransition(instant + absl::Seconds(1), &change)) {
    stretch_.begin_s = Boundary(change);
  }
  if (zone_.NextTransition(instant, &change)) stretch_.end_s = Boundary(change);
  if (local_s < stretch_.begin_s || local_s >= stretch_.end_s) {  // changes in quick succession
    stretch_.begin_s = local_s;
    stretch_.end_s = local_s + 1;
  }
}

}  // namespace onrush
