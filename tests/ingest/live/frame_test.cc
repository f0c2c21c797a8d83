#include "ingest/live/frame.h"

#include <string>

#include "doctest/doctest.h"
#include "tests/support/random_source.h"

namespace onrush {
namespace {

std::string FrameBytes(const FrameHeader& header, std::string_view payload) {
  std::string bytes(header.size(), '\0');
  WriteFrameHeader(header, bytes.data());
  return bytes.append(payload);
}

FrameHeader TwoEvents() {
  FrameHeader header;
  header.count = 2;
  header.sender = 0x1122334455667788;
  header.sequence = 7;
  header.events_before = 300;
  return header;
}

FrameStatus StatusOf(std::string_view datagram) { return ReadFrame(datagram).status; }

TEST_SUITE_BEGIN("ingest/live/frame");

TEST_CASE("what is written is read") {
  RandomSource random(1);
  for (int round = 0; round < 2000; ++round) {
    FrameHeader header;
    header.is_verdict = random.Percent(20);
    header.count = static_cast<uint16_t>(random.Below(3) == 0 ? 0 : random.Below(65'536));
    if (!header.is_verdict) {
      header.is_end = random.Percent(30);
      header.wants_verdict = header.count > 0 && random.Percent(50);
      header.is_block = header.count > 0 && random.Percent(50);
    }
    header.tells_time = (header.is_verdict || header.wants_verdict) && random.Percent(50);
    if (header.size() == kTimedHeaderSize) {
      header.decided_ns = static_cast<int64_t>(random.Below(uint64_t{1} << 63));
    }
    header.sender = random.Below(UINT64_MAX);
    header.sequence = random.Below(uint64_t{1} << 63);
    header.events_before = random.Below(uint64_t{1} << 63);
    const std::string payload(header.count == 0 ? 0 : 1 + random.Below(100), 'x');
    const std::string bytes = FrameBytes(header, payload);
    const Frame frame = ReadFrame(bytes);
    REQUIRE(frame.status == FrameStatus::kFrame);
    REQUIRE(frame.header == header);
    REQUIRE(frame.payload == payload);
  }
}

TEST_CASE("the bytes are those that the README tells") {
  FrameHeader header = TwoEvents();
  header.wants_verdict = header.is_end = true;
  CHECK(FrameBytes(header, "a\nb\n") ==
        std::string("\xF5oRf\x01\x05\x02\x00\x88\x77\x66\x55\x44\x33\x22\x11\x07\x00\x00\x00\x00"
                    "\x00\x00\x00\x2C\x01\x00\x00\x00\x00\x00\x00",
                    kFrameHeaderSize) +
            "a\nb\n");
}

TEST_CASE("without a frame a datagram is plain lines") {
  for (const std::string_view lines : {"1,/a\n", "{", "\n", "oRf\xF5", "\x89ORB"}) {
    const Frame frame = ReadFrame(lines);
    CHECK(frame.status == FrameStatus::kPlainLines);
    CHECK(frame.payload == lines);
  }
  CHECK(StatusOf("") == FrameStatus::kEmpty);
}

TEST_CASE("every byte of a header matters, and every length below a header's is too short") {
  const std::string good = FrameBytes(TwoEvents(), "a\nb\n");
  for (size_t size = 1; size < kFrameHeaderSize; ++size) {
    CHECK(StatusOf(good.substr(0, size)) == FrameStatus::kShort);
  }
  const auto with = [&](size_t at, char byte) {
    std::string bytes = good;
    bytes[at] = byte;
    return StatusOf(bytes);
  };
  for (const size_t at : {1, 2, 3}) CHECK(with(at, 'x') == FrameStatus::kWrongMagic);
  CHECK(with(0, 'x') == FrameStatus::kPlainLines);
  CHECK(with(4, 2) == FrameStatus::kWrongVersion);
  CHECK(with(4, 0) == FrameStatus::kWrongVersion);
  for (int flags = 0; flags < 256; ++flags) {
    // 16 goes with a question (1) or, then longer than this one, with an answer (8).
    const bool right = flags <= 8 || (flags > 16 && flags < 24 && flags % 2 == 1);
    CHECK((with(5, static_cast<char>(flags)) == FrameStatus::kFrame) == right);
  }
  CHECK(with(6, 0) == FrameStatus::kWrongCount);
  CHECK(with(23, '\x80') == FrameStatus::kWrongNumber);
  CHECK(with(31, '\x80') == FrameStatus::kWrongNumber);
}

TEST_CASE("a frame without events has no payload and asks for nothing") {
  FrameHeader header = TwoEvents();
  CHECK(StatusOf(FrameBytes(header, "")) == FrameStatus::kWrongCount);
  header.count = 0;
  CHECK(StatusOf(FrameBytes(header, "")) == FrameStatus::kFrame);
  header.is_end = true;
  CHECK(StatusOf(FrameBytes(header, "")) == FrameStatus::kFrame);
  std::string asks = FrameBytes(header, "");
  asks[5] = 1;
  CHECK(StatusOf(asks) == FrameStatus::kWrongFlags);
}

TEST_CASE("a verdict names its question") {
  FrameHeader question = TwoEvents();
  question.wants_verdict = true;
  const FrameHeader verdict = VerdictHeader(question, 1, 5);
  CHECK(verdict.is_verdict);
  CHECK_FALSE(verdict.wants_verdict);
  CHECK(verdict.count == 1);
  CHECK(verdict.sender == question.sender);
  CHECK(verdict.sequence == question.sequence);
  CHECK(verdict.size() == kFrameHeaderSize);
  CHECK(StatusOf(FrameBytes(verdict, "{}\n")) == FrameStatus::kFrame);
}

TEST_CASE("a verdict tells when it was decided to who asked for that") {
  FrameHeader question = TwoEvents();
  question.wants_verdict = question.tells_time = true;
  CHECK(question.size() == kFrameHeaderSize);
  const std::string bytes = FrameBytes(VerdictHeader(question, 1, 0x0102030405060708), "{}\n");
  CHECK(bytes.substr(5, 3) == std::string("\x18\x01\x00", 3));
  CHECK(bytes.substr(kFrameHeaderSize) == "\x08\x07\x06\x05\x04\x03\x02\x01{}\n");
  const Frame verdict = ReadFrame(bytes);
  CHECK(verdict.header.decided_ns == 0x0102030405060708);
  CHECK(verdict.payload == "{}\n");
  for (size_t size = kFrameHeaderSize; size < kTimedHeaderSize; ++size) {
    CHECK(StatusOf(bytes.substr(0, size)) == FrameStatus::kShort);
  }
  CHECK(StatusOf(bytes.substr(0, kTimedHeaderSize)) == FrameStatus::kWrongCount);
  std::string too_late = bytes;
  too_late[kTimedHeaderSize - 1] = '\x80';
  CHECK(StatusOf(too_late) == FrameStatus::kWrongNumber);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
