#include "tools/onrush/progress.h"

#include "fmt/format.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

constexpr int64_t kIntervalNs = 100'000'000;
constexpr char kEraseLine[] = "\r\033[K";

}  // namespace

std::string ProgressText(const ProgressFigures& figures, double elapsed_s) {
  std::string text;
  if (figures.bytes_total > 0) {
    text += fmt::format("{:.0f} %  ", 100.0 * static_cast<double>(figures.bytes_read) /
                                          static_cast<double>(figures.bytes_total));
  }
  text += WithThousands(figures.events) + " events";
  if (elapsed_s > 0) {
    text += fmt::format("  {}/s", Rounded(static_cast<double>(figures.events) / elapsed_s));
  }
  if (figures.watermark != kMinEventTime) {
    text += "  watermark " + FormatInstant(figures.watermark.ns);
  }
  return text;
}

ProgressLine::ProgressLine(Clock& clock, bool enabled)
    : clock_(clock), enabled_(enabled), start_(clock.Now()), next_{start_.ns + kIntervalNs} {}

void ProgressLine::Update(const ProgressFigures& figures) {
  if (!enabled_) return;
  const ProcessingTime now = clock_.Now();
  if (now < next_) return;
  next_.ns = now.ns + kIntervalNs;
  shown_ = true;
  fmt::print(stderr, "{}{}", kEraseLine,
             ProgressText(figures, static_cast<double>(now.ns - start_.ns) / 1e9));
}

void ProgressLine::Erase() {
  if (shown_) fmt::print(stderr, "{}", kEraseLine);
  shown_ = false;
}

}  // namespace onrush
