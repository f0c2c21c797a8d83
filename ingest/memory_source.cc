#include "ingest/memory_source.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/status_macros.h"
#include "ingest/byte_stream.h"

namespace onrush {
namespace {

class MemoryStream : public ByteStream {
 public:
  MemoryStream(std::string_view text, uint64_t& bytes_read)
      : rest_(text), bytes_read_(bytes_read) {}

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    const size_t count = rest_.copy(to, size);
    rest_.remove_prefix(count);
    bytes_read_ += count;
    return count;
  }

 private:
  std::string_view rest_;
  uint64_t& bytes_read_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MemorySource>> MemorySource::Create(std::vector<Input> inputs,
                                                                   Format format, char delimiter,
                                                                   const BlockOptions& options) {
  ONRUSH_RETURN_IF_ERROR(options.Validate());
  return std::unique_ptr<MemorySource>(
      new MemorySource(std::move(inputs), format, delimiter, options));
}

MemorySource::MemorySource(std::vector<Input> inputs, Format format, char delimiter,
                           const BlockOptions& options)
    : inputs_(std::move(inputs)), reader_(format, delimiter, options) {
  for (const Input& input : inputs_) bytes_total_ += input.text.size();
}

absl::StatusOr<bool> MemorySource::Next(TextBlock& block) {
  if (!reader_.is_open()) {
    if (next_input_ == inputs_.size()) return false;
    const Input& input = inputs_[next_input_++];
    reader_.Open(std::make_unique<MemoryStream>(input.text, bytes_read_), input.name, true);
  }
  ONRUSH_RETURN_IF_ERROR(reader_.Next(block));
  return true;
}

}  // namespace onrush
