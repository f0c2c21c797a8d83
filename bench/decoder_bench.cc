// What decoding costs per line, reading apart: blocks that stay in the second cache, as one
// that was just read does.
//
// Each bench first checks the rows against what was written.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/measure.h"
#include "benchmark/benchmark.h"
#include "core/block/file_writer.h"
#include "core/event_batch.h"
#include "core/runtime/source.h"
#include "core/time.h"
#include "fmt/format.h"
#include "ingest/open.h"

namespace onrush {
namespace {

constexpr size_t kBlockBytes = 512 * 1024;
constexpr size_t kTextBytes = 2 * kBlockBytes;
constexpr size_t kBatchRows = 1024;
constexpr uint64_t kSeed = 42;

// A text and what its rows should add up to. The columns of `stream` are ts, user, page (string)
// and amount (decimal(2)), some of them perhaps left out from the end.
struct Corpus {
  StreamPlan stream;
  Format format = Format::kCsv;
  std::string text;
  FileIndex index;  // kOrb: where the blocks are
  size_t rows = 0;
  int64_t time_sum_s = 0;
  int64_t amount_sum = 0;
  size_t page_bytes = 0;
};

struct Event {
  int64_t time_ms;
  uint64_t user;
  std::string page;
  int64_t amount;  // cents
};

StreamPlan MakeStream(TimeFormat::Kind kind) {
  StreamPlan stream;
  stream.name = "events";
  stream.time_format.kind = kind;
  stream.time_format.pattern = "%Y-%m-%d %H:%M:%S";
  stream.fields = {{"ts", {TypeKind::kTimestamp}},
                   {"user", {TypeKind::kString}},
                   {"page", {TypeKind::kString}},
                   {"amount", {TypeKind::kDecimal, 2}}};
  return stream;
}

template <typename AppendLine>
Corpus MakeCorpus(Format format, TimeFormat::Kind kind, const std::string& header,
                  AppendLine append_line) {
  Corpus corpus;
  corpus.stream = MakeStream(kind);
  corpus.format = format;
  corpus.text = header;
  std::mt19937_64 random(kSeed);
  Event event{1'700'000'000'000, 0, "", 0};
  while (true) {
    event.time_ms += static_cast<int64_t>(random() % 200);
    event.user = random() % 1'000'000;
    event.page = fmt::format("/products/{}", random() % 100'000);
    event.amount = static_cast<int64_t>(random() % 20'000);
    std::string line = append_line(event);
    if (corpus.text.size() + line.size() > kTextBytes) break;
    corpus.text += line;
    ++corpus.rows;
    corpus.time_sum_s += event.time_ms / 1000;
    corpus.amount_sum += event.amount;
    corpus.page_bytes += event.page.size();
  }
  corpus.text.append(TextBlock::kPadding, '\n');
  return corpus;
}

std::string Amount(const Event& event) {
  return fmt::format("{}.{:02}", event.amount / 100, event.amount % 100);
}
std::string Clock(const Event& event) {  // 2023-11-14 22:13:20
  std::string text = FormatInstant(WideTime{event.time_ms / 1000} * kNanosPerSecond);
  text[10] = ' ';
  return text.substr(0, 19);
}

// 1700000000123,u123456,/products/12345,57.16: some 44 bytes, all of them declared.
Corpus CsvUnix() {
  return MakeCorpus(Format::kCsv, TimeFormat::Kind::kUnixMillis, "ts,user,page,amount\n",
                    [](const Event& event) {
                      return fmt::format("{},u{:06},{},{}\n", event.time_ms, event.user, event.page,
                                         Amount(event));
                    });
}
// The same with a date and time of day, and more columns than are declared: some 60 bytes.
Corpus CsvPattern() {
  return MakeCorpus(Format::kCsv, TimeFormat::Kind::kPattern, "id,ts,user,page,amount,ok,kind\n",
                    [](const Event& event) {
                      return fmt::format("{},{},u{:06},{},{},1,0\n", event.time_ms % 100'000,
                                         Clock(event), event.user, event.page, Amount(event));
                    });
}
// Quotes around every text.
Corpus CsvQuoted() {
  return MakeCorpus(Format::kCsv, TimeFormat::Kind::kUnixMillis,
                    "\"ts\",\"user\",\"page\",\"amount\"\n", [](const Event& event) {
                      return fmt::format("{},\"u{:06}\",\"{}\",{}\n", event.time_ms, event.user,
                                         event.page, Amount(event));
                    });
}
// Some 120 bytes, four of six members declared.
Corpus JsonUnix() {
  return MakeCorpus(Format::kJsonLines, TimeFormat::Kind::kUnixMillis, "", [](const Event& event) {
    return fmt::format(
        R"({{"ts":{},"user":"u{:06}","page":"{}","referrer":"https://example.org/","amount":{},"ok":true}})"
        "\n",
        event.time_ms, event.user, event.page, Amount(event));
  });
}
// The columns of CsvUnix() and no others: some 75 bytes.
Corpus JsonSame() {
  return MakeCorpus(Format::kJsonLines, TimeFormat::Kind::kUnixMillis, "", [](const Event& event) {
    return fmt::format(R"({{"ts":{},"user":"u{:06}","page":"{}","amount":{}}})"
                       "\n",
                       event.time_ms, event.user, event.page, Amount(event));
  });
}
// The same as JsonUnix() with white space and RFC 3339, as Python writes it.
Corpus JsonRfc3339() {
  return MakeCorpus(Format::kJsonLines, TimeFormat::Kind::kRfc3339, "", [](const Event& event) {
    return fmt::format(
        R"({{"ts": "{}", "user": "u{:06}", "page": "{}", "referrer": "https://example.org/", "amount": {}}})"
        "\n",
        FormatInstant(WideTime{event.time_ms} * 1'000'000), event.user, event.page, Amount(event));
  });
}
// Members come and go.
Corpus JsonVaried() {
  return MakeCorpus(Format::kJsonLines, TimeFormat::Kind::kUnixMillis, "", [](const Event& event) {
    return fmt::format(
        R"({{"ts":{},"user":"u{:06}",{}"page":"{}",{}"amount":{}}})"
        "\n",
        event.time_ms, event.user, event.user % 2 == 0 ? R"("campaign":"spring",)" : "", event.page,
        event.user % 3 == 0 ? R"("referrer":"https://example.org/",)" : "", Amount(event));
  });
}

// Members in any order.
Corpus JsonShuffled() {
  return MakeCorpus(Format::kJsonLines, TimeFormat::Kind::kUnixMillis, "", [](const Event& event) {
    std::vector<std::string> members = {
        fmt::format(R"("ts":{})", event.time_ms), fmt::format(R"("user":"u{:06}")", event.user),
        fmt::format(R"("page":"{}")", event.page), fmt::format(R"("amount":{})", Amount(event)),
        R"("ok":true)"};
    std::shuffle(members.begin(), members.end(), std::mt19937_64(event.user));
    return fmt::format("{{{}}}\n", fmt::join(members, ","));
  });
}

// The events of CsvUnix() as typed columns, and as texts, which are parsed again.
Corpus OrbOf(bool typed) {
  Corpus corpus = CsvUnix();
  TextBlock block;
  block.text = {corpus.text.data(), corpus.text.size() - TextBlock::kPadding};
  block.first_of_input = true;
  StreamPlan stream = corpus.stream;
  if (!typed) {
    for (FieldPlan& field : stream.fields) field.type = {};
  }
  BlockSchema schema;
  for (const FieldPlan& field : stream.fields) schema.columns.push_back({field.name, field.type});
  std::string file;
  FileWriter writer(schema, {}, [&](std::string_view bytes) {
    file += bytes;
    return absl::OkStatus();
  });
  const std::unique_ptr<Decoder> decoder = *MakeDecoder(stream, Format::kCsv);
  EventBatch batch(stream, 0, kBatchRows);
  Require(decoder->Start(block).ok(), "header");
  for (bool full = true; full;) {
    batch.Clear();
    full = decoder->Decode(batch);
    for (size_t row = 0; row < batch.size; ++row) {
      Require(writer.Add(batch.columns, row).ok(), "written");
    }
  }
  Require(writer.EndBlock().ok(), "written");
  corpus.format = Format::kOrb;
  corpus.index = writer.index();
  corpus.text = std::move(file);
  corpus.text.append(TextBlock::kPadding, '\0');
  return corpus;
}
Corpus OrbTyped() { return OrbOf(true); }
Corpus OrbTexts() { return OrbOf(false); }

// The text in blocks of whole lines, or the blocks of a file.
std::vector<TextBlock> MakeBlocks(const Corpus& corpus) {
  std::vector<TextBlock> blocks;
  for (const BlockEntry& entry : corpus.index.blocks) {
    TextBlock& block = blocks.emplace_back();
    block.text = std::string_view(corpus.text).substr(entry.offset, entry.size);
    block.file = "bench";
  }
  if (!blocks.empty()) return blocks;
  std::string_view rest(corpus.text.data(), corpus.text.size() - TextBlock::kPadding);
  while (!rest.empty()) {
    const size_t end =
        rest.size() <= kBlockBytes ? rest.size() : rest.rfind('\n', kBlockBytes - 1) + 1;
    TextBlock& block = blocks.emplace_back();
    block.text = rest.substr(0, end);
    block.first_of_input = blocks.size() == 1;
    block.file = "bench";
    rest.remove_prefix(end);
  }
  return blocks;
}

// Calls `use` for every batch of the text.
template <typename Use>
void DecodeAll(const std::vector<TextBlock>& blocks, Decoder& decoder, EventBatch& batch, Use use) {
  for (const TextBlock& block : blocks) {
    Require(decoder.Start(block).ok(), "header");
    for (bool full = true; full;) {
      batch.Clear();
      full = decoder.Decode(batch);
      use();
    }
  }
}

void CheckRows(const Corpus& corpus, const std::vector<TextBlock>& blocks, Decoder& decoder,
               EventBatch& batch) {
  size_t rows = 0, page_bytes = 0;
  int64_t time_sum_s = 0, amount_sum = 0;
  DecodeAll(blocks, decoder, batch, [&] {
    Require(batch.bad_rows.empty(), "bad rows");
    rows += batch.size;
    for (size_t row = 0; row < batch.size; ++row) {
      time_sum_s += batch.columns[0].ints[row] / kNanosPerSecond;
      page_bytes += batch.columns[2].strings[row].size();
      amount_sum += batch.columns[3].ints[row];
    }
  });
  Require(rows == corpus.rows, "rows");
  Require(time_sum_s == corpus.time_sum_s, "times");
  Require(page_bytes == corpus.page_bytes, "pages");
  Require(amount_sum == corpus.amount_sum, "amounts");
}

void BM_Decoder_Decode(benchmark::State& state, Corpus (*make_corpus)()) {
  const Corpus corpus = make_corpus();
  const std::vector<TextBlock> blocks = MakeBlocks(corpus);
  const std::unique_ptr<Decoder> decoder = *MakeDecoder(corpus.stream, corpus.format);
  EventBatch batch(corpus.stream, 0, kBatchRows);
  CheckRows(corpus, blocks, *decoder, batch);
  for (auto _ : state) {
    DecodeAll(blocks, *decoder, batch, [] { benchmark::ClobberMemory(); });
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(corpus.rows));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(corpus.text.size()));
}

BENCHMARK_CAPTURE(BM_Decoder_Decode, csv_unix_ms, CsvUnix);
BENCHMARK_CAPTURE(BM_Decoder_Decode, csv_pattern_7_columns, CsvPattern);
BENCHMARK_CAPTURE(BM_Decoder_Decode, csv_quoted, CsvQuoted);
BENCHMARK_CAPTURE(BM_Decoder_Decode, jsonl_same_columns, JsonSame);
BENCHMARK_CAPTURE(BM_Decoder_Decode, jsonl_unix_ms, JsonUnix);
BENCHMARK_CAPTURE(BM_Decoder_Decode, jsonl_rfc3339, JsonRfc3339);
BENCHMARK_CAPTURE(BM_Decoder_Decode, jsonl_varied, JsonVaried);
BENCHMARK_CAPTURE(BM_Decoder_Decode, jsonl_shuffled, JsonShuffled);
BENCHMARK_CAPTURE(BM_Decoder_Decode, orb_typed, OrbTyped);
BENCHMARK_CAPTURE(BM_Decoder_Decode, orb_texts, OrbTexts);

}  // namespace
}  // namespace onrush

BENCHMARK_MAIN();
