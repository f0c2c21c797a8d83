// Texts in memory as a source: tests and embedders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/block_reader.h"

namespace onrush {

// Description
//   Texts, one after the other, cut into blocks exactly as files are.
// Threads
//   One at a time.
class MemorySource : public Source {
 public:
  struct Input {
    std::string name;
    std::string text;
  };

  // Fails if an option is out of range.
  static absl::StatusOr<std::unique_ptr<MemorySource>> Create(std::vector<Input> inputs,
                                                              Format format, char delimiter,
                                                              const BlockOptions& options);

  absl::StatusOr<bool> Next(TextBlock& block) override;
  bool may_wait() const override { return false; }
  uint64_t bytes_read() const override { return bytes_read_; }
  uint64_t bytes_total() const override { return bytes_total_; }

 private:
  MemorySource(std::vector<Input> inputs, Format format, char delimiter,
               const BlockOptions& options);

  const std::vector<Input> inputs_;
  uint64_t bytes_total_ = 0;
  uint64_t bytes_read_ = 0;
  size_t next_input_ = 0;
  BlockReader reader_;
};

}  // namespace onrush
