// Any bytes are a frame, plain lines or malformed; a frame that is read is written again as it was.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.h"
#include "ingest/live/frame.h"

namespace onrush {
namespace {

void TestOneInput(std::string_view datagram) {
  const Frame frame = ReadFrame(datagram);
  const bool begins_as_frame = !datagram.empty() && datagram.front() == kFrameFirstByte;
  ONRUSH_CHECK((frame.status == FrameStatus::kEmpty) == datagram.empty());
  ONRUSH_CHECK((frame.status == FrameStatus::kPlainLines) ==
               (!datagram.empty() && !begins_as_frame));
  ONRUSH_CHECK(!NameOf(frame.status).empty());
  if (frame.status == FrameStatus::kPlainLines) ONRUSH_CHECK(frame.payload == datagram);
  if (frame.status != FrameStatus::kFrame) return;
  std::string again(frame.header.size(), '\0');
  WriteFrameHeader(frame.header, again.data());
  ONRUSH_CHECK(again.append(frame.payload) == datagram);
  ONRUSH_CHECK(frame.payload.empty() == (frame.header.count == 0));
}

// Right magic and version in front of the input, or fuzzing would seldom get past them.
void TestFramed(std::string_view rest) {
  std::string datagram(kFrameHeaderSize, '\0');
  WriteFrameHeader(FrameHeader{}, datagram.data());
  datagram.resize(5);
  TestOneInput(datagram.append(rest));
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  onrush::TestOneInput(input);
  onrush::TestFramed(input);
  return 0;
}
