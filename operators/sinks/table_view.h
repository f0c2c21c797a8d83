// Results as tables for a person at a terminal.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/runtime/sink.h"
#include "operators/sinks/result_line.h"
#include "operators/sinks/text_table.h"

namespace onrush {

// Description
//   Shows a block of each query's rows under its name, and of top_k a block a window. All lines
//   are shown, in their order within a query; blocks of several queries follow one another as they
//   fill up (at 32 rows, at Flush() and at the end). A block that follows one of the same query
//   goes on without a heading. Left out are seq and event_seq.
class TableView : public LineSink {
 public:
  explicit TableView(std::unique_ptr<LineSink> output) : output_(std::move(output)) {}

  absl::Status Write(std::string_view whole_lines) override;
  absl::Status Flush() override;
  absl::Status Finish() override;

 private:
  static constexpr size_t kRowsPerBlock = 32;
  struct QueryTable {
    std::string query;
    size_t columns = 0;
    TextTable table;
  };

  QueryTable& TableOf(const std::vector<ResultCell>& cells);
  void AddLine();
  void AddRanking();
  void TakeBlock(QueryTable& table);
  void AppendTitle(std::string_view title, TextTable& table);
  absl::Status WriteBlocks();

  std::unique_ptr<LineSink> output_;
  ResultLineReader reader_;
  ResultLine line_;
  // In the order of first lines; a query's lines of another number of cells get another table.
  std::deque<QueryTable> tables_;
  const QueryTable* open_block_ = nullptr;  // its rows were the last, and may be followed by more
  bool nothing_shown_ = true;
  std::string text_;
};

}  // namespace onrush
