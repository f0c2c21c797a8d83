#include "core/window.h"

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr absl::CivilDay kEpochDay(1970, 1, 1);

WideTime ToWideTime(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // floor
  const int64_t ns = absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds));
  return WideTime{seconds} * kNanosPerSecond + ns;
}

}  // namespace

absl::StatusOr<WindowAssigner> WindowAssigner::Create(const WindowPlan& plan) {
  WindowAssigner assigner;
  if (plan.kind == WindowPlan::Kind::kZonedDay) {
    assigner.zoned_ = true;
    if (!absl::LoadTimeZone(plan.time_zone, &assigner.zone_)) {
      return absl::InvalidArgumentError(
          fmt::format("time_zone: the system does not know '{}'; right would be a name of the IANA "
                      "time zone data base such as 'Europe/London'",
                      plan.time_zone));
    }
    return assigner;
  }
  assigner.slide_ns_ = plan.slide.ns;
  assigner.origin_ns_ = plan.origin.ns;
  assigner.panes_per_window_ = plan.size.ns / plan.slide.ns;
  return assigner;
}

int64_t WindowAssigner::PaneOfSlow(EventTime time) {
  cached_pane_ = zoned_ ? DayOf(time) : FixedPaneOf(time);
  cached_begin_ = ClampToEventTime(Boundary(cached_pane_)).ns;
  cached_end_ = ClampToEventTime(Boundary(cached_pane_ + 1)).ns;
  return cached_pane_;
}

int64_t WindowAssigner::FixedPaneOf(EventTime time) const {
  int64_t since_origin = 0;
  if (!__builtin_sub_overflow(time.ns, origin_ns_, &since_origin)) {
    return FloorDiv(since_origin, slide_ns_);
  }
  const Int128 wide = Int128{time.ns} - origin_ns_;
  const Int128 quotient = wide / slide_ns_;
  return static_cast<int64_t>(wide < 0 && wide % slide_ns_ != 0 ? quotient - 1 : quotient);
}

WideTime WindowAssigner::Boundary(int64_t boundary) const {
  if (zoned_) return StartOfDay(boundary);
  return WideTime{boundary} * slide_ns_ + origin_ns_;
}

// The first instant whose local date is that day. Where clocks go back over midnight, it is the
// first of the two midnights; where they skip it, the instant of the change.
WideTime WindowAssigner::StartOfDay(int64_t day) const {
  const absl::TimeZone::TimeInfo midnight = zone_.At(absl::CivilSecond(kEpochDay + day));
  return ToWideTime(midnight.kind == absl::TimeZone::TimeInfo::SKIPPED ? midnight.trans
                                                                       : midnight.pre);
}

int64_t WindowAssigner::DayOf(EventTime time) const {
  const absl::CivilSecond local = absl::ToCivilSecond(absl::FromUnixNanos(time.ns), zone_);
  const int64_t day = absl::CivilDay(local) - kEpochDay;
  // A clock set back over midnight shows yesterday's date again; today goes on.
  return StartOfDay(day + 1) <= time.ns ? day + 1 : day;
}

}  // namespace onrush
