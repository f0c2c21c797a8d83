// Results as CSV.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "core/runtime/sink.h"
#include "operators/sinks/result_line.h"

namespace onrush {

// Turns result lines into CSV (RFC 4180, LF): a row a line, for top_k a row a rank, each beginning
// with the query's name. A header goes before a query's first row. The order stays, so rows of
// several queries alternate; `grep ^name,` gives one query's table.
class CsvView : public LineSink {
 public:
  explicit CsvView(std::unique_ptr<LineSink> output) : output_(std::move(output)) {}

  absl::Status Write(std::string_view whole_lines) override;
  absl::Status Flush() override { return output_->Flush(); }
  absl::Status Finish() override { return output_->Finish(); }

 private:
  void AppendHeader();
  void AppendRow(const std::vector<ResultCell>& rank);

  std::unique_ptr<LineSink> output_;
  ResultLineReader reader_;
  ResultLine line_;
  absl::flat_hash_set<std::string> queries_seen_;
  std::string text_;
};

}  // namespace onrush
