// Numbers in files: little-endian, at any address.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace onrush {

static_assert(std::endian::native == std::endian::little, "numbers would have to be swapped");

// Requires: sizeof(T) readable bytes.
template <typename T>
T LoadNumber(const char* from) {
  static_assert(std::is_arithmetic_v<T>);
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <typename T>
void StoreNumber(T value, char* to) {
  static_assert(std::is_arithmetic_v<T>);
  std::memcpy(to, &value, sizeof(value));
}

template <typename T>
void AppendNumber(T value, std::string& out) {
  const size_t size = out.size();
  out.resize(size + sizeof(value));
  StoreNumber(value, out.data() + size);
}

}  // namespace onrush
