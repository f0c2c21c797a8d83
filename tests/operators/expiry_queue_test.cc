#include "operators/expiry_queue.h"

#include <cstdint>
#include <set>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

// Takes out all that is due before `time`, at most `most` ids at once.
std::set<uint32_t> PopDue(ExpiryQueue& queue, int64_t time, size_t most) {
  std::set<uint32_t> popped;
  std::vector<uint32_t> ids(most);
  while (queue.IsDue(time)) {
    const size_t count = queue.Pop(ids);
    REQUIRE(count > 0);
    for (size_t i = 0; i < count; ++i) CHECK(popped.insert(ids[i]).second);
  }
  return popped;
}

}  // namespace

TEST_SUITE_BEGIN("operators/expiry_queue");

TEST_CASE("whole groups come out when the last of their ids is due, however few at once") {
  for (const size_t most : {size_t{1}, size_t{7}, ExpiryQueue::kGroup}) {
    ExpiryQueue queue;
    for (uint32_t id = 0; id < 3 * ExpiryQueue::kGroup; ++id) queue.Push(id, id);
    CHECK_FALSE(queue.IsDue(ExpiryQueue::kGroup - 1));
    const std::set<uint32_t> first = PopDue(queue, ExpiryQueue::kGroup, most);
    CHECK(first.size() == ExpiryQueue::kGroup);
    CHECK(*first.rbegin() == ExpiryQueue::kGroup - 1);
    CHECK(PopDue(queue, 1000, most).size() == 2 * ExpiryQueue::kGroup);
    CHECK_FALSE(queue.IsDue(1000));
  }
}

TEST_CASE("what is pushed while a group comes out does not hold up the rest of it") {
  ExpiryQueue queue;
  for (uint32_t id = 0; id < 5; ++id) queue.Push(id, 10);
  uint32_t ids[2];
  CHECK(queue.Pop(ids) == 2);
  queue.Push(5, 1000);
  CHECK(PopDue(queue, 11, 2).size() == 3);
  CHECK_FALSE(queue.IsDue(1000));
  CHECK(PopDue(queue, 1001, 2) == std::set<uint32_t>{5});
}

TEST_CASE("a queue that empties and fills takes no more memory") {
  ExpiryQueue queue;
  size_t bytes_at_first = 0;
  for (int64_t time = 0; time < 100'000; ++time) {
    queue.Push(static_cast<uint32_t>(time % 1000), time);
    PopDue(queue, time - 20, 3);
    if (time == 1000) bytes_at_first = queue.memory_bytes();
  }
  CHECK(queue.memory_bytes() == bytes_at_first);
}

TEST_CASE("what comes next is told without being taken out") {
  ExpiryQueue queue;
  for (uint32_t id = 0; id < 2 * ExpiryQueue::kGroup; ++id) queue.Push(id, id);
  std::vector<uint32_t> next(7), popped(7);
  for (size_t left = 2 * ExpiryQueue::kGroup; left > 0; left -= popped.size()) {
    next.resize(7);
    next.resize(queue.Next(next));
    popped.resize(7);
    popped.resize(queue.Pop(popped));
    REQUIRE(!popped.empty());
    CHECK(next == popped);
  }
  CHECK(queue.Next(next) == 0);
}

TEST_SUITE_END();

}  // namespace onrush
