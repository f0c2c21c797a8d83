#include "tools/onrush/row_sink.h"

#include <utility>
#include <vector>

#include "core/csv_text.h"
#include "core/json_text.h"
#include "core/key.h"
#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

class OrbSink : public RowSink {
 public:
  OrbSink(BlockSchema schema, int zstd_level, LineSink& file)
      : writer_(std::move(schema), {.zstd_level = zstd_level},
                [&file](std::string_view bytes) { return file.Write(bytes); }) {}
  absl::Status Add(const EventBatch& batch, size_t row) override {
    return writer_.Add(batch.columns, row);
  }
  absl::Status Close() override { return writer_.Close(); }

 private:
  FileWriter writer_;
};

// Lines that are handed over some hundred at a time.
class TextSink : public RowSink {
 public:
  TextSink(size_t column_count, LineSink& file) : column_count_(column_count), file_(file) {}
  absl::Status Add(const EventBatch& batch, size_t row) override {
    AppendRow(batch, row, lines_);
    return lines_.size() < kBytesPerWrite ? absl::OkStatus() : Close();
  }
  absl::Status Close() override {
    const absl::Status status = lines_.empty() ? absl::OkStatus() : file_.Write(lines_);
    lines_.clear();
    return status;
  }

 protected:
  static constexpr size_t kBytesPerWrite = 64 * 1024;
  virtual void AppendRow(const EventBatch& batch, size_t row, std::string& out) = 0;

  const size_t column_count_;
  LineSink& file_;
  std::string lines_;
};

// What a record of one column without a text is: a line without bytes would be no record.
constexpr std::string_view kEmptyRecord = "\"\"";

class CsvSink : public TextSink {
 public:
  CsvSink(const BlockSchema& schema, LineSink& file) : TextSink(schema.columns.size(), file) {
    for (size_t i = 0; i < column_count_; ++i) {
      if (i > 0) lines_ += ',';
      AppendCsvField(schema.columns[i].name, lines_);
    }
    if (lines_.empty()) lines_ += kEmptyRecord;
    lines_ += '\n';
  }

 private:
  void AppendRow(const EventBatch& batch, size_t row, std::string& out) override {
    for (size_t i = 0; i < column_count_; ++i) {
      if (i > 0) out += ',';
      AppendValue(batch.columns[i], row, out);
    }
    out += '\n';
  }
  void AppendValue(const Column& column, size_t row, std::string& out) {
    if (column.nulls[row] != 0) {
      if (column_count_ == 1) out += kEmptyRecord;
    } else if (column.type.kind == TypeKind::kString) {
      AppendCsvField(column.strings[row], out);
    } else {
      AppendPlainValue(column, row, out);
    }
  }
};

class JsonLinesSink : public TextSink {
 public:
  JsonLinesSink(const BlockSchema& schema, LineSink& file) : TextSink(schema.columns.size(), file) {
    for (const BlockColumn& column : schema.columns) {
      std::string& name = names_.emplace_back(names_.empty() ? "{" : ",");
      AppendJsonString(column.name, name);
      name += ':';
    }
  }
  std::string Losses() const override {
    return not_utf8_ == 0 ? "" : fmt::format("{} texts are not UTF-8, and were changed", not_utf8_);
  }

 private:
  void AppendRow(const EventBatch& batch, size_t row, std::string& out) override {
    for (size_t i = 0; i < column_count_; ++i) {
      const Column& column = batch.columns[i];
      if (column.type.kind == TypeKind::kString && column.nulls[row] == 0) {
        not_utf8_ += !IsUtf8(column.strings[row]);
      }
      out += names_[i];
      AppendJsonValue(column, row, out);
    }
    out += "}\n";
  }

  std::vector<std::string> names_;  // each with what stands before and after it
  uint64_t not_utf8_ = 0;
};

}  // namespace

std::unique_ptr<RowSink> MakeOrbSink(BlockSchema schema, int zstd_level, LineSink& file) {
  return std::make_unique<OrbSink>(std::move(schema), zstd_level, file);
}

std::unique_ptr<RowSink> MakeCsvSink(const BlockSchema& schema, LineSink& file) {
  return std::make_unique<CsvSink>(schema, file);
}

std::unique_ptr<RowSink> MakeJsonLinesSink(const BlockSchema& schema, LineSink& file) {
  return std::make_unique<JsonLinesSink>(schema, file);
}

}  // namespace onrush
