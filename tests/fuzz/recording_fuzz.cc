// A segment with any bytes changed is read without a crash: right, told or refused. Where the
// checksums are made right again, whatever then stands in its rows is decoded too.
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/block/block_format.h"
#include "core/block/little_endian.h"
#include "core/check.h"
#include "ingest/open.h"
#include "tests/support/recordings.h"
#include "tests/support/random_block.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

struct Original {
  TemporaryDirectory directory;
  std::string file;
  std::string bytes;
  std::string content;
};

const Original& TheOriginal() {
  static const Original* const original = [] {
    auto* made = new Original;
    std::vector<std::vector<ReceivedText>> blocks;
    for (int i = 0; i < 6; ++i) {
      blocks.push_back({{.kind = i < 2 ? ArrivalKind::kText : ArrivalKind::kRecords,
                         .bytes = "1,2\n3,\"4\n\"\n5,6"},
                        {.kind = ArrivalKind::kBlock, .bytes = "oRBk no block"}});
    }
    ReceivedSource source(blocks);
    ONRUSH_CHECK(RecordSource(source, LineStream(), Format::kCsv, made->directory.path()).ok());
    made->file = made->directory.path() + "/" + SegmentName(0);
    std::ifstream file(made->file, std::ios::binary);
    made->bytes.assign(std::istreambuf_iterator<char>(file), {});
    made->content = ReadRecording(made->directory.path(), "events")->bytes;
    return made;
  }();
  return *original;
}

void CorrectChecksums(std::string& bytes) {
  for (size_t at = bytes.find(kBlockMagic); at != bytes.npos;
       at = bytes.find(kBlockMagic, at + 1)) {
    Reseal(bytes, at);
  }
}

// Decodes all events there are; how it ended.
absl::Status DecodeAllOf(const std::string& directory, bool skip_damaged) {
  RecordingOptions options;
  options.skip_damaged = skip_damaged;
  const auto source = RecordingSource::Open(directory, "events", options);
  ONRUSH_CHECK(source.ok());
  const auto decoder = MakeDecoder(LineStream(), Format::kArrivals);
  ONRUSH_CHECK(decoder.ok());
  EventBatch batch(LineStream(), 0, 5);
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = (*source)->Next(block);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (const absl::Status started = (*decoder)->Start(block); !started.ok()) return started;
    for (bool full = true; full;) {
      batch.Clear();
      full = (*decoder)->Decode(batch);
      std::string scratch;
      for (size_t row = 0; row < batch.size; ++row) batch.Record(row, scratch);
    }
  }
}

// The first byte says how to read; then come changes: a place, the byte that shall stand there.
void TestOneInput(const uint8_t* data, size_t size) {
  const Original& original = TheOriginal();
  if (size == 0) return;
  std::string bytes = original.bytes;
  const bool correct = (data[0] & 1) != 0;
  for (size_t i = 1; i + 3 <= size; i += 3) {
    bytes[(data[i] | data[i + 1] << 8) % bytes.size()] = static_cast<char>(data[i + 2]);
  }
  if ((data[0] & 2) != 0) bytes.resize(bytes.size() * (data[0] >> 2) / 64);
  if (correct) CorrectChecksums(bytes);
  std::ofstream(original.file, std::ios::binary) << bytes;

  const auto content = ReadRecording(original.directory.path(), "events");
  if (content.ok() && !correct) ONRUSH_CHECK(original.content.starts_with(content->bytes));
  if (content.ok() && content->bytes != original.content && !correct) {
    ONRUSH_CHECK(!content->notes.empty());
  }
  const absl::Status skipping = DecodeAllOf(original.directory.path(), true);
  ONRUSH_CHECK(correct || skipping.ok());
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput(data, size);
  return 0;
}
