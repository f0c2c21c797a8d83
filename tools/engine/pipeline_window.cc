#include "tools/engine/pipeline_window.h"

#include <string_view>

#include "core/time.h"
#include "fmt/format.h"
#include "tools/engine/message_text.h"
#include "tools/engine/pipeline_values.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

constexpr Duration kDay{kNanosPerDay};

// A duration above zero.
std::optional<Duration> RequirePositive(const SettingTable& window, std::string_view key) {
  const std::optional<Duration> span = window.RequireDuration(key);
  if (!span || span->ns > 0) return span;
  window.Error(key, "a span of nothing", "a duration above 0s");
  return std::nullopt;
}

// The multiple of `slide` next to `size`, at least one slide.
Duration NearestMultiple(Duration size, Duration slide) {
  const int64_t below = size.ns / slide.ns;
  const int64_t rest = size.ns % slide.ns;
  const bool up = below == 0 || (rest > slide.ns / 2 && size.ns <= INT64_MAX - slide.ns);
  return Duration{(below + (up ? 1 : 0)) * slide.ns};
}

bool CheckSlide(const SettingTable& window, Duration size, Duration slide) {
  if (size.ns % slide.ns != 0) {
    window.Error(
        "slide",
        fmt::format("{}, of which size = '{}' is no multiple", FormatDuration(slide),
                    FormatDuration(size)),
        fmt::format("size = '{}', or another slide", FormatDuration(NearestMultiple(size, slide))));
    return false;
  }
  const int64_t panes = size.ns / slide.ns;
  if (panes > kMaxPanesPerWindow) {
    window.Error("slide", fmt::format("{} slides in a window", panes),
                 fmt::format("at most {}", kMaxPanesPerWindow));
    return false;
  }
  return true;
}

std::optional<WindowPlan> ReadFixed(const SettingTable& window) {
  WindowPlan plan;
  const std::optional<Duration> size = RequirePositive(window, "size");
  const std::optional<Duration> slide =
      window.Has("slide") ? RequirePositive(window, "slide") : size;
  const std::optional<EventTime> origin = window.GetInstant("origin");
  if (window.Has("origin") && !origin) return std::nullopt;
  if (!size || !slide || !CheckSlide(window, *size, *slide)) return std::nullopt;
  plan.size = *size;
  plan.slide = *slide;
  plan.origin = origin.value_or(EventTime{});
  return plan;
}

// A day of a time zone.
std::optional<WindowPlan> ReadZoned(const SettingTable& window, const TomlValue& zone) {
  WindowPlan plan;
  plan.kind = WindowPlan::Kind::kZonedDay;
  plan.size = plan.slide = kDay;
  plan.time_zone = zone.text;
  const std::optional<Duration> size = window.RequireDuration("size");
  const std::optional<Duration> slide = window.Has("slide") ? window.GetDuration("slide") : size;
  bool good = size && slide;
  const auto report = [&](std::string_view key, std::string_view found, std::string_view right) {
    window.Error(key, found, right);
    good = false;
  };
  if (size && *size != kDay) {
    report("size", fmt::format("{} beside a time_zone", FormatDuration(*size)), "'1d'");
  }
  if (slide && slide != size) {
    report("slide", fmt::format("{} beside a time_zone", FormatDuration(*slide)),
           "no slide (a day follows a day)");
  }
  if (window.Has("origin")) {
    report("origin", "an origin beside a time_zone",
           "one of the two (days begin at local midnight)");
  }
  if (!IsTimeZone(zone.text)) {
    report("time_zone", fmt::format("{}, no known time zone", Quoted(zone.text)),
           "a name of the IANA time zone data base such as 'Europe/London'");
  }
  if (!good) return std::nullopt;
  return plan;
}

}  // namespace

std::optional<WindowPlan> ReadWindow(const SettingTable& query) {
  const TomlValue* value =
      query.Get("window", Kind::kTable, "a table such as { size = '5m', slide = '1m' }");
  if (value == nullptr) return std::nullopt;
  const SettingTable window(*value, query.PathOf("window"), query.errors());
  window.CheckKeys("window", {"size", "slide", "origin", "time_zone"});
  // A session: said once is enough.
  if (window.Has("gap")) return std::nullopt;
  if (!window.Has("time_zone")) return ReadFixed(window);
  const TomlValue* zone = window.Get("time_zone", Kind::kString, "a name such as 'Europe/London'");
  if (zone == nullptr) return std::nullopt;
  return ReadZoned(window, *zone);
}

}  // namespace onrush
