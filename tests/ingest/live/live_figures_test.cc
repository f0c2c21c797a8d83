#include "ingest/live/live_figures.h"

#include <cstdlib>
#include <string>

#include "core/metrics/published.h"
#include "doctest/doctest.h"
#include "simdjson.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

// Every number differs from the others.
LiveFigures Numbered() {
  LiveFigures figures;
  uint64_t next = 1;
  auto* const numbers = reinterpret_cast<uint64_t*>(&figures);
  for (size_t i = 0; i < sizeof(figures) / sizeof(uint64_t); ++i) numbers[i] = 1000 + next++;
  return figures;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_SUITE_BEGIN("ingest/live/live_figures");

TEST_CASE("metrics tell every number, by names that Prometheus likes") {
  const LiveFigures figures = Numbered();
  MetricsText metrics;
  AppendLiveMetrics(figures, metrics);
  const std::string& text = metrics.text();
  const auto* const numbers = reinterpret_cast<const uint64_t*>(&figures);
  for (size_t i = 0; i < sizeof(figures) / sizeof(uint64_t); ++i) {
    // The two that say by frame what the fates say by datagram.
    const bool told_by_fate = numbers[i] == figures.senders.frames.frames_duplicate ||
                              numbers[i] == figures.senders.frames.frames_too_old;
    CAPTURE(i);
    CHECK(Has(text, " " + std::to_string(numbers[i]) + "\n") == !told_by_fate);
  }
  if (std::system("command -v promtool >/dev/null") != 0) return;
  TemporaryDirectory directory;
  const std::string file = directory.Write("metrics.txt", text);
  CHECK(std::system(("promtool check metrics <" + file).c_str()) == 0);
}

TEST_CASE("the JSON is one object") {
  const LiveFigures figures = Numbered();
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(LiveFiguresJson(figures));
  CHECK(uint64_t{json["received"]} == figures.datagrams.received());
  CHECK(uint64_t{json["datagrams"]["too_old"]} == figures.datagrams.count(DatagramFate::kTooOld));
  CHECK(uint64_t{json["frames"]["events_lost"]} == figures.senders.frames.events_lost);
  CHECK(uint64_t{json["senders"]["forgotten"]} == figures.senders.senders_forgotten);
  CHECK(uint64_t{json["verdicts"]["shortened"]} == figures.verdicts.shortened);
}

TEST_CASE("the text tells what happened") {
  CHECK(LiveFiguresText(LiveFigures()) == "0 datagrams, 0 bytes\n");
  LiveFigures figures;
  figures.datagrams.datagrams[static_cast<size_t>(DatagramFate::kShort)] = 3;
  figures.dropped_by_kernel = 4;
  CHECK(LiveFiguresText(figures) ==
        "3 datagrams, 0 bytes: 3 short\n4 more were dropped by the kernel\n");
}

TEST_CASE("another thread gets all of them") {
  Published<LiveFigures> published;
  published.Store(Numbered());
  CHECK(LiveFiguresJson(published.Load()) == LiveFiguresJson(Numbered()));
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
