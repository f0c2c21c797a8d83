#include "core/block/column_view.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/block/little_endian.h"
#include "core/check.h"

namespace onrush {
namespace {

constexpr size_t kTextsPerBegin = 256;

absl::Status Damaged() { return absl::DataLossError("a column of a block is damaged"); }

// Numbers of one to eight bytes, at any address.
template <typename Number>
struct Narrow {
  const char* from;
  Number operator[](size_t i) const { return LoadNumber<Number>(from + i * sizeof(Number)); }
};

// Calls `use` with the numbers of that width. Width 0 is the caller's: all numbers are 0.
template <typename Use>
void WithNarrow(const char* from, uint8_t width, Use use) {
  switch (width) {
    case 1:
      return use(Narrow<uint8_t>{from});
    case 2:
      return use(Narrow<uint16_t>{from});
    case 4:
      return use(Narrow<uint32_t>{from});
    case 8:
      return use(Narrow<uint64_t>{from});
  }
  ONRUSH_CHECK(width == 0);
}

uint64_t Largest(const char* from, uint8_t width, size_t count) {
  uint64_t largest = 0;
  WithNarrow(from, width, [&](auto numbers) {
    auto most = numbers[0];
    for (size_t i = 1; i < count; ++i) most = std::max(most, numbers[i]);
    largest = most;
  });
  return largest;
}

uint64_t Sum(const char* from, uint8_t width, size_t count) {
  uint64_t sum = 0;
  WithNarrow(from, width, [&](auto numbers) {
    for (size_t i = 0; i < count; ++i) sum += numbers[i];
  });
  return sum;
}

bool GetBit(const char* bits, size_t i) {
  return (static_cast<uint8_t>(bits[i / 8]) >> (i % 8) & 1) != 0;
}

ColumnEncoding OtherEncoding(TypeKind kind) {
  if (kind == TypeKind::kFloat) return ColumnEncoding::kFloats;
  return kind == TypeKind::kBool ? ColumnEncoding::kBits : ColumnEncoding::kFrame;
}

bool IsEncodingOf(TypeKind kind, ColumnEncoding encoding) {
  if (kind == TypeKind::kString) {
    return encoding == ColumnEncoding::kTexts || encoding == ColumnEncoding::kDictionary;
  }
  return encoding == OtherEncoding(kind);
}

bool IsWidthOf(ColumnEncoding encoding, uint8_t width) {
  switch (encoding) {
    case ColumnEncoding::kFloats:
      return width == 8;
    case ColumnEncoding::kBits:
      return width == 0;
    case ColumnEncoding::kFrame:
      return width <= 2 || width == 4 || width == 8;
    case ColumnEncoding::kTexts:
    case ColumnEncoding::kDictionary:
      return width <= 2 || width == 4;
  }
  return false;
}

}  // namespace

absl::Status ColumnView::Read(ValueType type, size_t rows, std::string_view& bytes) {
  if (bytes.size() < kColumnHeaderSize) return Damaged();
  type_ = type;
  rows_ = rows;
  encoding_ = static_cast<ColumnEncoding>(bytes[0]);
  width_ = static_cast<uint8_t>(bytes[1]);
  const auto flags = static_cast<uint8_t>(bytes[2]);
  const char zero = bytes[3];
  const auto size = LoadNumber<uint32_t>(bytes.data() + 4);
  bytes.remove_prefix(kColumnHeaderSize);
  if (!IsEncodingOf(type.kind, encoding_) || !IsWidthOf(encoding_, width_) ||
      flags > kHasNullsFlag || zero != 0 || size > bytes.size()) {
    return Damaged();
  }
  std::string_view body = bytes.substr(0, size);
  bytes.remove_prefix(size);
  nulls_ = nullptr;
  if (flags == kHasNullsFlag) {
    if (body.size() < BitmapSize(rows)) return Damaged();
    nulls_ = body.data();
    body.remove_prefix(BitmapSize(rows));
  }
  return ReadBody(body);
}

absl::Status ColumnView::ReadBody(std::string_view body) {
  switch (encoding_) {
    case ColumnEncoding::kFrame:
      return ReadFrame(body);
    case ColumnEncoding::kFloats:
      return ReadFloats(body);
    case ColumnEncoding::kBits:
      values_ = body.data();
      return body.size() == BitmapSize(rows_) ? absl::OkStatus() : Damaged();
    case ColumnEncoding::kTexts:
      return ReadTexts(body);
    case ColumnEncoding::kDictionary:
      return ReadDictionary(body);
  }
  return Damaged();
}

absl::Status ColumnView::ReadFrame(std::string_view body) {
  if (body.size() != sizeof(base_) + rows_ * width_) return Damaged();
  base_ = LoadNumber<int64_t>(body.data());
  values_ = body.data() + sizeof(base_);
  return absl::OkStatus();
}

absl::Status ColumnView::ReadFloats(std::string_view body) {
  if (body.size() != rows_ * sizeof(double)) return Damaged();
  values_ = body.data();
  bool finite = true;
  for (size_t i = 0; i < rows_; ++i) finite &= std::isfinite(Narrow<double>{values_}[i]);
  return finite ? absl::OkStatus() : Damaged();
}

absl::Status ColumnView::ReadTexts(std::string_view body) {
  const size_t lengths_size = rows_ * width_;
  if (body.size() < lengths_size) return Damaged();
  values_ = body.data();
  texts_ = body.data() + lengths_size;
  size_t begin = 0;
  text_begins_.clear();
  for (size_t row = 0; row < rows_; row += kTextsPerBegin) {
    text_begins_.push_back(begin);
    begin += Sum(values_ + row * width_, width_, std::min(kTextsPerBegin, rows_ - row));
  }
  return begin == body.size() - lengths_size ? absl::OkStatus() : Damaged();
}

absl::Status ColumnView::ReadDictionary(std::string_view body) {
  if (body.size() < sizeof(uint32_t)) return Damaged();
  const auto count = LoadNumber<uint32_t>(body.data());
  body.remove_prefix(sizeof(count));
  // A column without rows needs no entries; the indices of any other are below their number.
  if (body.size() / sizeof(uint32_t) < count || (count == 0 && rows_ > 0)) return Damaged();
  const Narrow<uint32_t> lengths{body.data()};
  body.remove_prefix(count * sizeof(uint32_t));
  dictionary_.clear();
  dictionary_.reserve(std::bit_ceil(count));
  for (size_t i = 0; i < count; ++i) {
    if (body.size() < lengths[i]) return Damaged();
    dictionary_.push_back(body.substr(0, lengths[i]));
    body.remove_prefix(lengths[i]);
  }
  if (body.size() != rows_ * width_) return Damaged();
  values_ = body.data();
  return rows_ == 0 || Largest(values_, width_, rows_) < count ? absl::OkStatus() : Damaged();
}

void ColumnView::Copy(size_t first, size_t count, Column& to, size_t to_first) const {
  CopyNulls(first, count, to.nulls.data() + to_first);
  switch (encoding_) {
    case ColumnEncoding::kFrame:
      return CopyInts(first, count, to.ints.data() + to_first);
    case ColumnEncoding::kFloats:
      return CopyFloats(first, count, to.floats.data() + to_first);
    case ColumnEncoding::kBits:
      return CopyBits(first, count, to.ints.data() + to_first);
    case ColumnEncoding::kTexts:
      return CopyTexts(first, count, to.strings.data() + to_first);
    case ColumnEncoding::kDictionary:
      return CopyFromDictionary(first, count, to.strings.data() + to_first);
  }
}

void ColumnView::CopyNulls(size_t first, size_t count, uint8_t* to) const {
  if (nulls_ == nullptr) {
    std::fill_n(to, count, uint8_t{0});
    return;
  }
  for (size_t i = 0; i < count; ++i) to[i] = GetBit(nulls_, first + i);
}

void ColumnView::CopyInts(size_t first, size_t count, int64_t* to) const {
  if (width_ == 0) std::fill_n(to, count, base_);
  WithNarrow(values_ + first * width_, width_, [&](auto above) {
    const auto base = static_cast<uint64_t>(base_);
    for (size_t i = 0; i < count; ++i) to[i] = static_cast<int64_t>(base + above[i]);
  });
}

void ColumnView::CopyFloats(size_t first, size_t count, double* to) const {
  const Narrow<double> floats{values_ + first * sizeof(double)};
  for (size_t i = 0; i < count; ++i) to[i] = floats[i] + 0.0;  // a negative zero becomes zero
}

void ColumnView::CopyBits(size_t first, size_t count, int64_t* to) const {
  for (size_t i = 0; i < count; ++i) to[i] = GetBit(values_, first + i);
}

void ColumnView::CopyTexts(size_t first, size_t count, std::string_view* to) const {
  if (width_ == 0) std::fill_n(to, count, std::string_view(texts_, 0));
  const size_t known = first / kTextsPerBegin * kTextsPerBegin;
  WithNarrow(values_ + known * width_, width_, [&](auto lengths) {
    const char* text = texts_ + text_begins_[known / kTextsPerBegin];
    for (size_t i = 0; i < first - known; ++i) text += lengths[i];
    for (size_t i = 0; i < count; ++i) {
      const size_t length = lengths[first - known + i];
      to[i] = {text, length};
      text += length;
    }
  });
}

void ColumnView::CopyFromDictionary(size_t first, size_t count, std::string_view* to) const {
  if (width_ == 0) std::fill_n(to, count, dictionary_[0]);
  WithNarrow(values_ + first * width_, width_, [&](auto indices) {
    for (size_t i = 0; i < count; ++i) to[i] = dictionary_[indices[i]];
  });
}

}  // namespace onrush
