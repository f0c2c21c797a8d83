// Stand-ins for std::atomic and for plain data, in scenarios of explore.h.
#pragma once

#include <atomic>
#include <cstdint>

#include "tests/support/interleavings/run.h"

namespace onrush::interleavings {

// Takes the place of std::atomic<T>. Not copied, made in a scenario's setup.
template <typename T>
class ModelAtomic {
 public:
  ModelAtomic() : ModelAtomic(T{}) {}
  ModelAtomic(T value)  // NOLINT: as std::atomic
      : id_(Run::current().memory().NewAtomic(Run::current().thread(), value)) {}
  ModelAtomic(const ModelAtomic&) = delete;
  ModelAtomic& operator=(const ModelAtomic&) = delete;

  T load(std::memory_order order) const {
    Run& run = Run::current();
    run.Before({id_, false});
    return static_cast<T>(run.memory().Load(run.thread(), id_, order));
  }
  void store(T value, std::memory_order order) {
    Run& run = Run::current();
    run.Before({id_, true});
    run.memory().Store(run.thread(), id_, value, order);
  }
  T fetch_add(T addend, std::memory_order order) {
    Run& run = Run::current();
    run.Before({id_, true});
    return static_cast<T>(run.memory().Add(run.thread(), id_, addend, order));
  }

  void notify_one() {
    Run& run = Run::current();
    run.Before({id_, true});
    run.Wake(id_);
  }
  // Looking and falling asleep are one step, as in the system call that it stands for, which sees
  // the newest value.
  void wait(T old, std::memory_order) const {
    Run& run = Run::current();
    run.Before({id_, true});
    while (static_cast<T>(run.memory().LoadNewest(run.thread(), id_)) == old) run.Sleep(id_);
  }

 private:
  size_t id_;
};

// Plain data that threads hand to each other.
template <typename T>
class Plain {
 public:
  Plain() : id_(Run::current().memory().NewPlain(Run::current().thread())) {}
  Plain(const Plain&) = delete;

  Plain& operator=(T value) {
    Run& run = Run::current();
    if (!run.memory().WritePlain(run.thread(), id_)) run.Fail("a write races");
    value_ = value;
    return *this;
  }
  operator T() const {  // NOLINT: as plain data
    Run& run = Run::current();
    if (!run.memory().ReadPlain(run.thread(), id_)) run.Fail("a read races");
    return value_;
  }

 private:
  size_t id_;
  T value_{};
};

}  // namespace onrush::interleavings
