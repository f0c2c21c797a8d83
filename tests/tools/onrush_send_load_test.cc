#include <fstream>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/temporary_directory.h"
#include "tools/onrush/send/send_load.h"

namespace onrush {
namespace {

StreamPlan Notes() {
  StreamPlan stream;
  stream.name = "notes";
  stream.fields = {{"ts", {TypeKind::kTimestamp}}, {"text", {TypeKind::kString}}};
  stream.time_column = 0;
  stream.time_format.kind = TimeFormat::Kind::kUnixSeconds;
  return stream;
}

TEST_SUITE_BEGIN("tools/onrush/send_load");

TEST_CASE(
    "a datagram that is full is due with its own last event, not with the one that has no room") {
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/notes.csv";
  const std::string long_text(40'000, 'x');
  std::ofstream(path) << "ts,text\n0,a\n1," << long_text << "\n60," << long_text << "\n61,b\n";
  SendLoadOptions options;
  options.inputs = {path};
  options.stream = Notes();
  options.events_per_datagram = 1000;
  options.speed = 1.0;
  const absl::StatusOr<SendLoad> load = LoadEvents(options);
  REQUIRE(load.ok());
  REQUIRE(load->packs.size() == 2);
  CHECK(load->packs[0].count == 2);
  CHECK(load->packs[0].due_ns == 1'000'000'000);
  CHECK(load->packs[1].count == 2);
  CHECK(load->packs[1].due_ns == 61'000'000'000);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
