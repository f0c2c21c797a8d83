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
