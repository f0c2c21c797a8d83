#include "ingest/decompress.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/check.h"
#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kInputBytes = 128 * 1024;
constexpr size_t kMagicBytes = 4;

// A stream whose first bytes were read ahead.
class PrefixedStream : public ByteStream {
 public:
  PrefixedStream(std::string prefix, std::unique_ptr<ByteStream> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (given_ == prefix_.size()) return rest_->Read(to, size);
    const size_t count = std::min(size, prefix_.size() - given_);
    std::memcpy(to, prefix_.data() + given_, count);
    given_ += count;
    return count;
  }
  absl::StatusOr<uint64_t> Skip(uint64_t size) override {
    if (given_ < prefix_.size()) return 0;
    return rest_->Skip(size);
  }

 private:
  const std::string prefix_;
  size_t given_ = 0;
  const std::unique_ptr<ByteStream> rest_;
};

// Compressed bytes not yet consumed, refilled from a stream.
class CompressedInput {
 public:
  explicit CompressedInput(std::unique_ptr<ByteStream> stream)
      : stream_(std::move(stream)), buffer_(kInputBytes) {}

  // True if there are bytes, false at the end.
  absl::StatusOr<bool> Fill() {
    if (!rest_.empty()) return true;
    ONRUSH_ASSIGN_OR_RETURN(const size_t count, stream_->Read(buffer_.data(), buffer_.size()));
    rest_ = {buffer_.data(), count};
    return count > 0;
  }
  std::string_view rest() const { return rest_; }
  void Consume(size_t size) { rest_.remove_prefix(size); }

 private:
  std::string_view rest_;
  const std::unique_ptr<ByteStream> stream_;
  std::vector<char> buffer_;
};

class GzipStream : public ByteStream {
 public:
  GzipStream(std::unique_ptr<ByteStream> stream, std::string name)
      : input_(std::move(stream)), name_(std::move(name)) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ONRUSH_CHECK(::inflateInit2(&zlib_, kGzipOnly) == Z_OK);
  }
  ~GzipStream() override { ::inflateEnd(&zlib_); }

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    size = std::min<size_t>(size, 1 << 30);  // zlib counts in 32 bits
    zlib_.next_out = reinterpret_cast<Bytef*>(to);
    zlib_.avail_out = static_cast<uInt>(size);
    while (zlib_.avail_out == size) {
      ONRUSH_ASSIGN_OR_RETURN(const bool more, input_.Fill());
      if (!more) {
        if (between_members_) return 0;
        return absl::DataLossError(fmt::format("{}: the gzip data is cut short", name_));
      }
      ONRUSH_RETURN_IF_ERROR(Inflate());
    }
    return size - zlib_.avail_out;
  }

 private:
  absl::Status Inflate() {
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.rest().data()));
    zlib_.avail_in = static_cast<uInt>(input_.rest().size());
    const int result = ::inflate(&zlib_, Z_NO_FLUSH);
    input_.Consume(input_.rest().size() - zlib_.avail_in);
    between_members_ = result == Z_STREAM_END;
    if (result == Z_STREAM_END) {
      ::inflateReset(&zlib_);
      return absl::OkStatus();
    }
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    return absl::DataLossError(fmt::format("{}: the gzip data is damaged: {}", name_,
                                           zlib_.msg == nullptr ? ::zError(result) : zlib_.msg));
  }

  CompressedInput input_;
  const std::string name_;
  z_stream zlib_ = {};
  bool between_members_ = false;
};

class ZstdStream : public ByteStream {
 public:
  ZstdStream(std::unique_ptr<ByteStream> stream, std::string name)
      : input_(std::move(stream)), name_(std::move(name)), zstd_(::ZSTD_createDStream()) {
    ONRUSH_CHECK(zstd_ != nullptr);
  }
  ~ZstdStream() override { ::ZSTD_freeDStream(zstd_); }

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    ZSTD_outBuffer output = {to, size, 0};
    while (output.pos == 0) {
      ONRUSH_ASSIGN_OR_RETURN(const bool more, input_.Fill());
      // The decoder may still hold back output without needing more input.
      const bool flushing = !more && !between_frames_ && output_was_full_;
      if (!more && between_frames_) return 0;
      if (!more && !flushing) {
        return absl::DataLossError(fmt::format("{}: the Zstandard data is cut short", name_));
      }
      ONRUSH_RETURN_IF_ERROR(Decompress(output));
    }
    return output.pos;
  }

 private:
  absl::Status Decompress(ZSTD_outBuffer& output) {
    ZSTD_inBuffer input = {input_.rest().data(), input_.rest().size(), 0};
    const size_t result = ::ZSTD_decompressStream(zstd_, &output, &input);
    input_.Consume(input.pos);
    if (::ZSTD_isError(result) == 0) {
      between_frames_ = result == 0;
      output_was_full_ = output.pos == output.size;
      return absl::OkStatus();
    }
    if (::ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
      return absl::ResourceExhaustedError(fmt::format(
          "{}: the Zstandard data needs a window of more than 128 MiB; right would be data "
          "compressed with `--long=27` at most",
          name_));
    }
    return absl::DataLossError(
        fmt::format("{}: the Zstandard data is damaged: {}", name_, ::ZSTD_getErrorName(result)));
  }

  CompressedInput input_;
  const std::string name_;
  ZSTD_DStream* const zstd_;
  bool between_frames_ = false;
  bool output_was_full_ = false;
};

bool IsGzip(std::string_view magic) { return magic.starts_with("\x1F\x8B"); }
bool IsZstd(std::string_view magic) {
  if (magic.starts_with("\x28\xB5\x2F\xFD")) return true;
  return magic.size() == kMagicBytes && (magic[0] & 0xF0) == 0x50 &&  // a skippable frame
         magic.substr(1) == "\x2A\x4D\x18";
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> Decompressed(std::unique_ptr<ByteStream> stream,
                                                         std::string name) {
  std::array<char, kMagicBytes> bytes;
  size_t size = 0;
  while (size < kMagicBytes) {
    ONRUSH_ASSIGN_OR_RETURN(const size_t count,
                            stream->Read(bytes.data() + size, kMagicBytes - size));
    if (count == 0) break;
    size += count;
  }
  const std::string magic(bytes.data(), size);
  auto whole = std::make_unique<PrefixedStream>(magic, std::move(stream));
  if (IsGzip(magic)) return std::make_unique<GzipStream>(std::move(whole), std::move(name));
  if (IsZstd(magic)) return std::make_unique<ZstdStream>(std::move(whole), std::move(name));
  return whole;
}

}  // namespace onrush
