// A key, and what its owner keeps with it, in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "operators/long_keys.h"

namespace onrush {

// What a table without a state of its own keeps with each key.
struct NoState {};

// Description
//   32 or 64 bytes, so that a slot lies in one cache line: the state, 32 bits of the key's hash,
//   and the key itself, or, if it is longer than what is left, where it is.
//   Written piece by piece: a piece that is read while it is on its way to the cache as several
//   costs a dozen cycles, which copies of a whole slot or state from the stack do.
template <typename State>
class KeySlot {
 public:
  static_assert(std::is_trivially_copyable_v<State>);
  static constexpr size_t kBytes = sizeof(State) + 13 <= 32 ? 32 : 64;
  static constexpr size_t kInPlace = kBytes - 5 - (std::is_empty_v<State> ? 0 : sizeof(State));
  static_assert(kInPlace >= sizeof(uint64_t) && kInPlace < 64);

  KeySlot() = default;

  State& state() { return state_; }
  const State& state() const { return state_; }
  uint32_t hash() const {
    uint32_t hash;
    std::memcpy(&hash, hash_, sizeof(hash));
    return hash;
  }
  // With a state of zeros.
  void SetKey(std::string_view key, uint32_t hash, LongKeys& long_keys) {
    if constexpr (!std::is_empty_v<State>)
      std::memset(static_cast<void*>(&state_), 0, sizeof(State));
    SetHash(hash);
    if (key.size() <= kInPlace) {
      size_ = static_cast<uint8_t>(key.size());
      return Copy(key.data(), key.size(), bytes_);
    }
    size_ = kElsewhere;
    const Elsewhere elsewhere{static_cast<uint32_t>(key.size()), long_keys.Add(key)};
    std::memcpy(bytes_, &elsewhere, sizeof(elsewhere));
  }
  void RemoveKey(LongKeys& long_keys) {
    if (size_ != kElsewhere) return;
    const Elsewhere elsewhere = where();
    long_keys.Remove(elsewhere.ref, elsewhere.size);
  }
  // Valid until the slot or the long keys change.
  std::string_view key(const LongKeys& long_keys) const {
    if (size_ != kElsewhere) return {bytes_, size_};
    const Elsewhere elsewhere = where();
    return long_keys.Get(elsewhere.ref, elsewhere.size);
  }
  bool Holds(std::string_view key, const LongKeys& long_keys) const {
    if (size_ == kElsewhere) return this->key(long_keys) == key;
    return size_ == key.size() && Equal(bytes_, key.data(), key.size());
  }

 private:
  static constexpr uint8_t kElsewhere = UINT8_MAX;
  struct Elsewhere {
    uint32_t size;
    LongKeys::Ref ref;
  };

  void SetHash(uint32_t hash) { std::memcpy(hash_, &hash, sizeof(hash)); }
  Elsewhere where() const {
    Elsewhere elsewhere;
    std::memcpy(&elsewhere, bytes_, sizeof(elsewhere));
    return elsewhere;
  }
  // Most keys are short, and a call for each would cost more than what is to be done: two pieces
  // that overlap.
  static void Copy(const char* from, size_t size, char* to) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      CopyEnds<16>(from, size, to);
    } else if (size >= 8) {
      CopyEnds<8>(from, size, to);
    } else if (size >= 4) {
      CopyEnds<4>(from, size, to);
    } else {
      for (size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  template <size_t kPiece>
  static void CopyEnds(const char* from, size_t size, char* to) {
    std::memcpy(to, from, kPiece);
    std::memcpy(to + size - kPiece, from + size - kPiece, kPiece);
  }
  static bool Equal(const char* a, const char* b, size_t size) {
    if (size > 32) return std::memcmp(a, b, size) == 0;
    if (size >= 16) return EqualEnds<16>(a, b, size);
    if (size >= 8) return EqualEnds<8>(a, b, size);
    if (size >= 4) return EqualEnds<4>(a, b, size);
    for (size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  template <size_t kPiece>
  static bool EqualEnds(const char* a, const char* b, size_t size) {
    return std::memcmp(a, b, kPiece) == 0 &&
           std::memcmp(a + size - kPiece, b + size - kPiece, kPiece) == 0;
  }

  [[no_unique_address]] State state_{};
  char hash_[sizeof(uint32_t)] = {};  // behind a state of any size
  uint8_t size_ = 0;
  char bytes_[kInPlace] = {};
};

}  // namespace onrush
