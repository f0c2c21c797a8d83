// Lines into a file, a device, a pipe or standard output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/sink.h"
#include "core/runtime/stop_token.h"

namespace onrush {

// Description
//   Writes through a buffer of 256 KiB: one system call per buffer or Flush(). A regular file
//   grows as `path.partial` beside `path` and takes the name `path` in Finish(), after its bytes
//   are on the disk; an older `path` stays as it is until then. Devices and named pipes are
//   written directly. Blocks while a pipe is full or a named pipe has no reader; once `stop` asks,
//   it waits for a reader no longer than kLastWaitMs.
// Errors
//   The first one sticks. It names the file, the cause and how many bytes did arrive. A partial
//   file with something in it is kept under its partial name. A pipe that its reader closed is an
//   error like any other, provided that SIGPIPE is ignored.
class FileSink : public LineSink {
 public:
  // Opens `path`, or standard output for "-". Fails if nothing can be written there.
  static absl::StatusOr<std::unique_ptr<FileSink>> Open(std::string_view path, StopToken stop = {});

  // Opens `path` for lines that others see as soon as they are flushed, after what is there.
  static absl::StatusOr<std::unique_ptr<FileSink>> OpenToAppend(std::string_view path,
                                                                StopToken stop = {});

  // Writes a whole file of `text` at once. CheckWhole() says beforehand, without touching anything,
  // what is seen to be in its way.
  static absl::Status WriteWhole(std::string_view path, std::string_view text);
  static absl::Status CheckWhole(std::string_view path);

  ~FileSink() override;
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  absl::Status Write(std::string_view whole_lines) override;
  absl::Status Flush() override;
  absl::Status Finish() override;

  uint64_t bytes_written() const { return bytes_written_; }
  // "the first 4096 bytes are in out.jsonl.partial": what of an output that is not whole is there.
  std::string WhatWasWritten() const;

 private:
  static constexpr size_t kBufferBytes = 256 * 1024;
  static constexpr int kLastWaitMs = 200;

  // `partial_path` is empty where lines go to their final place directly.
  FileSink(int descriptor, std::string name, std::string final_path, std::string partial_path,
           StopToken stop);

  absl::Status WriteThrough(std::string_view bytes);
  bool WaitForReader(int timeout_ms) const;
  absl::Status Fail(std::string_view what_failed, std::string_view cause);
  absl::Status FailWith(std::string_view what_failed, int error);

  int descriptor_;
  std::string name_;  // for messages
  std::string final_path_;
  std::string partial_path_;
  StopToken stop_;
  std::unique_ptr<char[]> buffer_;
  size_t buffered_ = 0;
  uint64_t bytes_written_ = 0;
  absl::Status status_;
};

}  // namespace onrush
