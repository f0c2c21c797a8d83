#include "ingest/live/sequence_window.h"

#include <algorithm>
#include <set>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/random_source.h"

namespace onrush {
namespace {

FrameHeader MakeFrame(uint64_t sequence, uint64_t events_before, uint16_t count) {
  FrameHeader frame;
  frame.sequence = sequence;
  frame.events_before = events_before;
  frame.count = count;
  return frame;
}

// All that a sender sent.
std::vector<FrameHeader> SomeFrames(RandomSource& random, size_t size) {
  std::vector<FrameHeader> frames;
  uint64_t events = 0;
  for (size_t i = 0; i < size; ++i) {
    frames.push_back(MakeFrame(i, events, static_cast<uint16_t>(random.Below(5))));
    events += frames.back().count;
  }
  return frames;
}

// The network: loses, repeats and delays.
std::vector<FrameHeader> Carry(const std::vector<FrameHeader>& sent, RandomSource& random) {
  const uint64_t loss = random.Below(40), repeats = random.Below(20);
  const uint64_t farthest = 1 + random.Below(150);
  const size_t first = random.Percent(50) ? 0 : random.Below(sent.size());
  std::vector<std::pair<uint64_t, FrameHeader>> arrivals;
  for (size_t i = first; i < sent.size(); ++i) {
    if (random.Percent(loss)) continue;
    arrivals.emplace_back(i + random.Below(farthest), sent[i]);
    if (random.Percent(repeats)) arrivals.emplace_back(i + random.Below(farthest), sent[i]);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<FrameHeader> frames;
  for (const auto& [when, frame] : arrivals) frames.push_back(frame);
  return frames;
}

// The same by sets of numbers.
struct Model {
  explicit Model(const std::vector<FrameHeader>& sent) : sent(sent) {}

  bool Take(const FrameHeader& frame) {
    if (came.empty()) first = frame.sequence;
    if (!came.empty() && frame.sequence + 64 <= newest) {
      ++counts.frames_too_old;
      return false;
    }
    if (!came.insert(frame.sequence).second) {
      ++counts.frames_duplicate;
      counts.events_duplicate += frame.count;
      return false;
    }
    ++counts.frames_taken;
    counts.events_taken += frame.count;
    if (frame.sequence < newest) ++counts.frames_reordered;
    newest = std::max(newest, frame.sequence);
    return true;
  }

  FrameCounts Counts() const {
    FrameCounts all = counts;
    for (uint64_t i = 0; !came.empty() && i <= newest; ++i) {
      if (came.contains(i)) continue;
      ++(i < first ? all.frames_unseen : all.frames_lost);
      (i < first ? all.events_unseen : all.events_lost) += sent[i].count;
    }
    return all;
  }

  const std::vector<FrameHeader>& sent;
  std::set<uint64_t> came;
  uint64_t first = 0;
  uint64_t newest = 0;
  FrameCounts counts;
};

TEST_SUITE_BEGIN("ingest/live/sequence_window");

TEST_CASE("whatever the network does, every frame and event sent is accounted for") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    RandomSource random(seed);
    const std::vector<FrameHeader> sent = SomeFrames(random, 1 + random.Below(400));
    Model model(sent);
    SequenceWindow window;
    FrameCounts counts;
    for (const FrameHeader& frame : Carry(sent, random)) {
      const bool is_next = random.Percent(50) && window.TakeIfNext(frame);
      if (is_next) counts.AddTaken(frame);
      REQUIRE((is_next || IsTaken(window.Take(frame, counts))) == model.Take(frame));
    }
    REQUIRE(counts == model.Counts());
    const FrameHeader& newest = sent[model.newest];
    if (!model.came.empty()) {
      REQUIRE(counts.events_taken + counts.events_lost + counts.events_unseen ==
              newest.events_before + newest.count);
    }
  }
}

TEST_CASE("frames are told by their order") {
  SequenceWindow window;
  FrameCounts counts;
  CHECK(window.Take(MakeFrame(2, 20, 10), counts) == FrameOrder::kNext);
  CHECK(window.Take(MakeFrame(3, 30, 10), counts) == FrameOrder::kNext);
  CHECK(window.Take(MakeFrame(6, 60, 10), counts) == FrameOrder::kAfterGap);
  CHECK(window.Take(MakeFrame(5, 50, 10), counts) == FrameOrder::kReordered);
  CHECK(window.Take(MakeFrame(1, 10, 10), counts) == FrameOrder::kReordered);
  CHECK(window.Take(MakeFrame(5, 50, 10), counts) == FrameOrder::kDuplicate);
  CHECK(window.Take(MakeFrame(70, 700, 10), counts) == FrameOrder::kAfterGap);
  CHECK(window.Take(MakeFrame(7, 70, 10), counts) == FrameOrder::kReordered);
  CHECK(window.Take(MakeFrame(4, 40, 10), counts) == FrameOrder::kTooOld);
  CHECK(counts.frames_contradicting == 0);
}

TEST_CASE("a sender that contradicts itself is noticed and cannot make counts negative") {
  SequenceWindow window;
  FrameCounts counts;
  window.Take(MakeFrame(0, 0, 1), counts);
  window.Take(MakeFrame(1, 5, 1), counts);  // only one event was before it
  CHECK(counts.frames_contradicting == 1);
  window.Take(MakeFrame(4, 2, 1), counts);  // fewer than it said before
  CHECK(counts.frames_contradicting == 2);
  window.Take(MakeFrame(3, 3, 9), counts);  // more than were missing
  CHECK(counts.frames_contradicting == 3);
  CHECK(counts.events_lost == 0);
  CHECK(counts.frames_lost == 1);
}

TEST_CASE("the largest numbers do not wrap around") {
  constexpr uint64_t kLargest = (uint64_t{1} << 63) - 1;
  SequenceWindow window;
  FrameCounts counts;
  window.Take(MakeFrame(0, 0, 1), counts);
  CHECK(window.Take(MakeFrame(kLargest, kLargest, 65'535), counts) == FrameOrder::kAfterGap);
  CHECK(counts.frames_lost == kLargest - 1);
  CHECK(counts.events_lost == kLargest - 1);
  CHECK(window.Take(MakeFrame(kLargest, kLargest, 65'535), counts) == FrameOrder::kDuplicate);
  CHECK(window.Take(MakeFrame(0, 0, 1), counts) == FrameOrder::kTooOld);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
