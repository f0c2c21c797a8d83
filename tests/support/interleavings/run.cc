#include "tests/support/interleavings/run.h"

#include "core/check.h"

namespace onrush::interleavings {

Run* Run::current_ = nullptr;

void Run::Play(const Scenario& scenario) {
  Begin(scenario);
  for (int step = 0; Ready() != 0 && failure_.empty(); ++step) {
    const size_t thread = ChooseThread(Ready());
    if (thread == 0) return Abandon();
    if (step == kMaxSteps) failure_ = "it does not come to an end";
    Resume(thread);
  }
  for (size_t i = 1; i < thread_count_ && failure_.empty(); ++i) {
    if (threads_[i].state == State::kAsleep) failure_ = "those that are left sleep for ever";
  }
  if (!failure_.empty()) return Abandon();
  for (size_t i = 1; i < thread_count_; ++i) memory_.JoinThread(0, i);
  try {
    scenario.check_();
  } catch (Abandoned) {
  }
}

// Up to the first operation of each: what comes before it concerns nobody else.
void Run::Begin(const Scenario& scenario) {
  for (const std::function<void()>& body : scenario.bodies_) {
    const size_t thread = thread_count_++;
    ONRUSH_CHECK(thread < kMaxThreads);
    memory_.Fork(0, thread);
    threads_[thread].fiber = std::make_unique<Fiber>([this, thread, &body] {
      try {
        body();
      } catch (Abandoned) {
      }
      threads_[thread].state = State::kDone;
    });
    Resume(thread);
  }
}

Run::Threads Run::Ready() const {
  Threads ready = 0;
  for (size_t i = 1; i < thread_count_; ++i) {
    if (threads_[i].state == State::kReady) ready |= Threads{1} << i;
  }
  return ready;
}

size_t Run::ChooseThread(Threads ready) {
  const Threads options = ready & ~tried_;
  if (options == 0) return 0;
  size_t left = choices_.Choose(static_cast<size_t>(__builtin_popcount(options)));
  Threads before = tried_;
  for (size_t i = 1;; ++i) {
    if ((options >> i & 1) == 0) continue;
    if (left-- > 0) {
      before |= Threads{1} << i;
      continue;
    }
    // What was tried before this one need be tried after it only if the order matters.
    tried_ = 0;
    for (size_t j = 1; j < thread_count_; ++j) {
      if ((before >> j & 1) != 0 && !threads_[j].next.Touches(threads_[i].next)) {
        tried_ |= Threads{1} << j;
      }
    }
    return i;
  }
}

void Run::Resume(size_t thread) {
  running_ = thread;
  threads_[thread].fiber->Resume();
  running_ = 0;
}

void Run::SwitchAway() {
  threads_[running_].fiber->Suspend();
  if (abandoned_) throw Abandoned();
}

void Run::Before(const Operation& operation) {
  if (running_ == 0 || abandoned_) return;
  threads_[running_].next = operation;
  SwitchAway();
}

void Run::Sleep(size_t atomic) {
  ONRUSH_CHECK(running_ != 0);
  threads_[running_].state = State::kAsleep;
  threads_[running_].next = {atomic, true};
  SwitchAway();
}

void Run::Wake(size_t atomic) {
  for (ThreadState& thread : threads_) {
    if (thread.state == State::kAsleep && thread.next.atomic == atomic) {
      thread.state = State::kReady;
    }
  }
}

void Run::Fail(const std::string& what) {
  if (failure_.empty()) failure_ = what;
  throw Abandoned();
}

// Lets every fiber unwind, so that what it holds is freed.
void Run::Abandon() {
  abandoned_ = true;
  for (size_t i = 1; i < thread_count_; ++i) {
    if (!threads_[i].fiber->done()) Resume(i);
  }
}

Verdict ExploreAll(const std::function<void(Scenario&)>& setup) {
  Verdict verdict;
  Choices choices;
  do {
    Run run(choices);
    {
      Scenario scenario;
      setup(scenario);
      run.Play(scenario);
    }
    ++verdict.runs;
    verdict.failure = run.failure();
  } while (verdict.failure.empty() && choices.Advance());
  return verdict;
}

void Require(bool holds, const char* what) {
  if (!holds) Run::current().Fail(what);
}

}  // namespace onrush::interleavings
