// The parts that the way of an event is cut into, for measuring.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onrush {

enum class Stage : uint8_t {
  kRead,      // bytes come from the source
  kDecode,    // text becomes columns
  kPrepare,   // guards, derived fields, conditions, keys and their hashes
  kSequence,  // sequence numbers and the watermark
  kGates,     // who takes part in which query, on which shard
  kProcess,   // one query: its operator takes rows
  kFire,      // one query: the watermark, or the end, makes its operator fire and forget
  kCollect,   // lines are merged, ordered and digested
  kWrite,     // lines go to the sinks: results, late, bad
  kHandOver,  // other threads are given work or told that it is done, and woken if they sleep
  kWait,      // the thread has nothing to do
  // Not the time of any thread: how long blocks lay in the ring before a shard.
  kRingWait,
};
inline constexpr size_t kStageCount = static_cast<size_t>(Stage::kRingWait) + 1;

inline constexpr const char* kStageNames[kStageCount] = {
    "read", "decode",  "prepare", "sequence",  "gates", "process",
    "fire", "collect", "write",   "hand over", "wait",  "ring wait"};
constexpr const char* StageName(Stage stage) { return kStageNames[static_cast<size_t>(stage)]; }

// True if each query has a figure of its own.
constexpr bool IsOfQuery(Stage stage) { return stage == Stage::kProcess || stage == Stage::kFire; }

}  // namespace onrush
