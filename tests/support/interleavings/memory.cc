#include "tests/support/interleavings/memory.h"

#include <algorithm>

#include "core/check.h"

namespace onrush::interleavings {
namespace {

bool Acquires(std::memory_order order) {
  ONRUSH_CHECK(order != std::memory_order_seq_cst);
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel;
}

bool Releases(std::memory_order order) {
  ONRUSH_CHECK(order != std::memory_order_seq_cst);
  return order == std::memory_order_release || order == std::memory_order_acq_rel;
}

}  // namespace

void Knowledge::Join(const Knowledge& other) {
  for (size_t i = 0; i < kMaxThreads; ++i) clock[i] = std::max(clock[i], other.clock[i]);
  for (size_t i = 0; i < other.newest.size(); ++i) Raise(i, other.newest[i]);
}

void Knowledge::Raise(size_t atomic, uint32_t store) {
  if (atomic >= newest.size()) newest.resize(atomic + 1);
  newest[atomic] = std::max(newest[atomic], store);
}

size_t Memory::NewAtomic(size_t thread, uint64_t value) {
  atomics_.emplace_back();
  Append(thread, atomics_.size() - 1, value, {});
  return atomics_.size() - 1;
}

uint64_t Memory::Load(size_t thread, size_t atomic, std::memory_order order) {
  Knowledge& knowledge = threads_[thread];
  const std::vector<StoreRecord>& stores = atomics_[atomic];
  const auto newest = static_cast<uint32_t>(stores.size() - 1);
  const uint32_t store =
      newest - static_cast<uint32_t>(choices_.Choose(newest - knowledge.NewestOf(atomic) + 1));
  knowledge.Raise(atomic, store);
  if (Acquires(order)) knowledge.Join(stores[store].released);
  return stores[store].value;
}

void Memory::Store(size_t thread, size_t atomic, uint64_t value, std::memory_order order) {
  Append(thread, atomic, value, Releases(order) ? threads_[thread] : Knowledge{});
  ++threads_[thread].clock[thread];  // what comes after is not part of what was released
}

// It continues the release sequence that it adds to: who acquires it acquires that too.
uint64_t Memory::Add(size_t thread, size_t atomic, uint64_t addend, std::memory_order order) {
  Knowledge& knowledge = threads_[thread];
  const StoreRecord last = atomics_[atomic].back();
  if (Acquires(order)) knowledge.Join(last.released);
  Knowledge released = last.released;
  if (Releases(order)) released.Join(knowledge);
  Append(thread, atomic, last.value + addend, std::move(released));
  ++knowledge.clock[thread];
  return last.value;
}

uint64_t Memory::LoadNewest(size_t thread, size_t atomic) {
  threads_[thread].Raise(atomic, static_cast<uint32_t>(atomics_[atomic].size() - 1));
  return atomics_[atomic].back().value;
}

void Memory::Append(size_t thread, size_t atomic, uint64_t value, Knowledge released) {
  atomics_[atomic].push_back({value, std::move(released)});
  threads_[thread].Raise(atomic, static_cast<uint32_t>(atomics_[atomic].size() - 1));
}

size_t Memory::NewPlain(size_t thread) {
  plains_.push_back({thread, threads_[thread].clock[thread], {}});
  return plains_.size() - 1;
}

bool Memory::ReadPlain(size_t thread, size_t plain) {
  plains_[plain].read[thread] = threads_[thread].clock[thread];
  return KnowsLastWrite(thread, plains_[plain]);
}

bool Memory::WritePlain(size_t thread, size_t plain) {
  Plain& record = plains_[plain];
  bool known = KnowsLastWrite(thread, record);
  for (size_t i = 0; i < kMaxThreads; ++i) {
    known = known && threads_[thread].clock[i] >= record.read[i];
  }
  record.writer = thread;
  record.written = threads_[thread].clock[thread];
  return known;
}

void Memory::Fork(size_t parent, size_t thread) {
  threads_[thread] = threads_[parent];
  ++threads_[parent].clock[parent];
  ++threads_[thread].clock[thread];
}

void Memory::JoinThread(size_t parent, size_t thread) { threads_[parent].Join(threads_[thread]); }

}  // namespace onrush::interleavings
