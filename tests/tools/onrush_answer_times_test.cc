#include "doctest/doctest.h"
#include "tools/onrush/send/answer_times.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("tools/onrush/send/answer_times");

TEST_CASE("an answer counts once, from when it was due and from when it was sent") {
  AnswerTimes times(2);
  CHECK_FALSE(times.NoteAnswer(0, 5));  // was not sent yet
  times.NoteSent(0, 100, 140);
  CHECK(times.NoteAnswer(0, 150));
  CHECK_FALSE(times.NoteAnswer(0, 160));
  CHECK_FALSE(times.NoteAnswer(2, 160));
  CHECK(times.answers() == 1);
  CHECK(times.since_due().max() == 50);
  CHECK(times.since_sent().max() == 10);
}

TEST_CASE("a decision counts if it was made between sending and the answer") {
  AnswerTimes times(4);
  for (uint64_t i = 0; i < 4; ++i) times.NoteSent(i, 100, 140);
  CHECK(times.NoteAnswer(0, 150, 147));
  CHECK(times.to_decision().count() == 1);
  CHECK(times.to_decision().max() == 7);
  CHECK(times.NoteAnswer(1, 150, 139));  // on another clock
  CHECK(times.NoteAnswer(2, 150, 151));
  CHECK(times.NoteAnswer(3, 150));
  CHECK(times.to_decision().count() == 1);
  CHECK(times.answers() == 4);
}

TEST_CASE("only long gaps are stalls, all of them are time watched") {
  AnswerTimes times(0);
  times.NoteIdle(0, AnswerTimes::kShortestStallNs);
  times.NoteIdle(10'000, 10'000 + AnswerTimes::kShortestStallNs + 1);
  CHECK(times.stalls().count() == 1);
  CHECK(times.stalls().max() == AnswerTimes::kShortestStallNs + 1);
  CHECK(times.idle_ns() == 2 * AnswerTimes::kShortestStallNs + 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
