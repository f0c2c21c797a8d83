#include "tests/support/orb_file.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "core/block/file_writer.h"
#include "core/check.h"
#include "core/status_macros.h"
#include "ingest/memory_source.h"
#include "ingest/open.h"
#include "ingest/orb_stream.h"

namespace onrush {
namespace {

// Gives out a text some bytes at a time.
class TextStream : public ByteStream {
 public:
  explicit TextStream(std::string text) : text_(std::move(text)) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    size = std::min({size, text_.size() - given_, size_t{97}});
    std::memcpy(to, text_.data() + given_, size);
    given_ += size;
    return size;
  }

 private:
  const std::string text_;
  size_t given_ = 0;
};

FileWriter::Output Into(std::string& file) {
  return [&file](std::string_view bytes) {
    file += bytes;
    return absl::OkStatus();
  };
}

}  // namespace

std::string OrbFile(const RandomBlock& rows, size_t block_rows, int zstd_level) {
  std::string file;
  FileWriter writer(rows.schema, {.zstd_level = zstd_level, .block_rows = block_rows}, Into(file));
  for (size_t row = 0; row < rows.rows; ++row) ONRUSH_CHECK(writer.Add(rows.columns, row).ok());
  ONRUSH_CHECK(writer.Close().ok());
  return file;
}

ConvertedText ConvertText(const StreamPlan& stream, const InputText& input, size_t block_rows) {
  ConvertedText converted;
  BlockSchema schema;
  for (const FieldPlan& field : stream.fields) schema.columns.push_back({field.name, field.type});
  schema.time_column = stream.time_column;
  FileWriter writer(schema, {.block_rows = block_rows}, Into(converted.file));
  const Format format = stream.format.value_or(Format::kCsv);
  auto source = *MemorySource::Create({{input.file, input.text}}, format, stream.delimiter, {});
  const auto decoder = *MakeDecoder(stream, format);
  EventBatch batch(stream, 0, 100);
  TextBlock block;
  while (*source->Next(block)) {
    ONRUSH_CHECK(decoder->Start(block).ok());
    for (bool more = true; more;) {
      batch.Clear();
      more = decoder->Decode(batch);
      for (size_t row = 0; row < batch.size; ++row) {
        if (batch.bad[row] == 0) {
          ONRUSH_CHECK(writer.Add(batch.columns, row).ok());
        } else {
          ++converted.bad;
        }
      }
    }
  }
  ONRUSH_CHECK(writer.Close().ok());
  return converted;
}

absl::StatusOr<OrbContent> ReadOrbFile(const std::string& bytes) {
  OrbStream stream(std::make_unique<TextStream>(bytes), "f.orb");
  OrbContent content;
  BlockView view;
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(bool more, stream.Next());
    if (!more) break;
    const auto block = std::make_unique<char[]>(stream.header().block_size() + BlockView::kPadding);
    ONRUSH_ASSIGN_OR_RETURN(more, stream.Read(block.get()));
    if (!more) break;
    const absl::Status opened = view.Open({block.get(), stream.header().block_size()});
    if (!opened.ok()) return AtByte("f.orb", stream.offset(), opened);
    for (std::string& row : RowTexts(view)) content.rows.push_back(std::move(row));
  }
  content.closed = stream.end() == OrbStream::End::kClosed;
  return content;
}

}  // namespace onrush
