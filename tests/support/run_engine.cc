#include "tests/support/run_engine.h"

#include <string>
#include <string_view>

#include "core/runtime/sink.h"
#include "doctest/doctest.h"
#include "ingest/memory_source.h"
#include "ingest/open.h"
#include "tools/engine/engine.h"

namespace onrush {
namespace {

class StringSink final : public LineSink {
 public:
  explicit StringSink(std::string& text) : text_(text) {}
  absl::Status Write(std::string_view whole_lines) override {
    text_ += whole_lines;
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  std::string& text_;
};

void CopyLedger(const Ledger& ledger, RunResult& result) {
  for (const StreamLedger& stream : ledger.streams) {
    result.streams.push_back({stream.read, stream.bad});
  }
  for (const QueryLedger& query : ledger.queries) {
    result.queries.push_back({query.counted, query.late, query.partly_late, query.skipped_null_key,
                              query.filtered, query.rejected});
  }
}

}  // namespace

RunResult RunEngine(const Plan& plan, const InputText& input, const EngineSettings& settings) {
  RunResult result;
  StringSink results(result.results), late(result.late), bad(result.bad);
  EngineOptions options;
  options.batch_rows = settings.batch_rows;
  options.shards = settings.shards;
  options.hash_seed = settings.hash_seed;
  auto engine = Engine::Create(plan, options, {&results, &late, &bad});
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  const StreamPlan& stream = plan.streams[input.stream];
  const Format format = stream.format.value_or(Format::kCsv);
  BlockOptions blocks;
  blocks.block_bytes = settings.block_bytes;
  auto source = MemorySource::Create({{input.file, input.text}}, format, stream.delimiter, blocks);
  REQUIRE_MESSAGE(source.ok(), source.status().ToString());
  const absl::Status status = (*engine)->Run(**source, format);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  CopyLedger((*engine)->ledger(), result);
  return result;
}

}  // namespace onrush
