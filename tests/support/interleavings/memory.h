// What C++ threads may see of each other's memory, as far as acquire, release and relaxed go.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/interleavings/choices.h"

namespace onrush::interleavings {

constexpr size_t kMaxThreads = 4;  // thread 0 sets up and looks at the end

// What a thread knows has happened: how far each thread had come (a vector clock: Mattern, "Virtual
// Time and Global States of Distributed Systems", 1989), and the newest store that it may not
// overlook at each atomic.
struct Knowledge {
  std::array<uint32_t, kMaxThreads> clock{};
  std::vector<uint32_t> newest;  // by atomic; shorter: 0

  void Join(const Knowledge& other);
  uint32_t NewestOf(size_t atomic) const { return atomic < newest.size() ? newest[atomic] : 0; }
  void Raise(size_t atomic, uint32_t store);
};

// Description
//   Each atomic keeps every store. A load may return any that its thread has not seen a newer one
//   of; an acquiring load learns all that the releasing thread knew. Plain data is checked for
//   races: two accesses, one of them a write, of which neither thread knows the other's. Stores
//   take effect in the order in which they are made; there is no seq_cst.
class Memory {
 public:
  explicit Memory(Choices& choices) : choices_(choices) {}

  size_t NewAtomic(size_t thread, uint64_t value);
  uint64_t Load(size_t thread, size_t atomic, std::memory_order order);
  void Store(size_t thread, size_t atomic, uint64_t value, std::memory_order order);
  // Reads the newest value, stores it plus `addend`, returns what it read.
  uint64_t Add(size_t thread, size_t atomic, uint64_t addend, std::memory_order order);
  // The newest value, and not older ones later.
  uint64_t LoadNewest(size_t thread, size_t atomic);

  size_t NewPlain(size_t thread);
  // False: this access races with another.
  [[nodiscard]] bool ReadPlain(size_t thread, size_t plain);
  [[nodiscard]] bool WritePlain(size_t thread, size_t plain);

  // `thread` begins with what `parent` knows; `parent` learns what `thread` knew at its end.
  void Fork(size_t parent, size_t thread);
  void JoinThread(size_t parent, size_t thread);

 private:
  struct StoreRecord {
    uint64_t value;
    Knowledge released;  // what an acquiring load learns
  };
  struct Plain {
    size_t writer;
    uint32_t written;                          // the writer's clock
    std::array<uint32_t, kMaxThreads> read{};  // each reader's clock
  };

  void Append(size_t thread, size_t atomic, uint64_t value, Knowledge released);
  bool KnowsLastWrite(size_t thread, const Plain& plain) const {
    return threads_[thread].clock[plain.writer] >= plain.written;
  }

  Choices& choices_;
  std::array<Knowledge, kMaxThreads> threads_;
  std::vector<std::vector<StoreRecord>> atomics_;
  std::vector<Plain> plains_;
};

}  // namespace onrush::interleavings
