#include "tests/support/run_engine.h"

#include <string>

#include "doctest/doctest.h"
#include "ingest/memory_source.h"
#include "ingest/open.h"
#include "tests/support/string_sink.h"
#include "tools/engine/engine.h"

namespace onrush {
namespace {

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
  const StreamPlan& stream = plan.streams[input.stream];
  const Format format = stream.format.value_or(Format::kCsv);
  BlockOptions blocks;
  blocks.block_bytes = settings.block_bytes;
  auto source = MemorySource::Create({{input.file, input.text}}, format, stream.delimiter, blocks);
  REQUIRE_MESSAGE(source.ok(), source.status().ToString());
  return RunEngine(plan, **source, format, settings);
}

RunResult RunEngine(const Plan& plan, Source& source, Format format,
                    const EngineSettings& settings) {
  RunResult result;
  StringSink results(result.results), late(result.late), bad(result.bad);
  EngineOptions options;
  options.batch_rows = settings.batch_rows;
  options.shards = settings.shards;
  options.hash_seed = settings.hash_seed;
  EngineOutputs outputs{.results = &results};
  if (settings.side_outputs) {
    outputs.late = &late;
    outputs.bad = &bad;
  }
  auto engine = Engine::Create(plan, options, outputs);
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  const absl::Status status = (*engine)->Run(source, format);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  CopyLedger((*engine)->ledger(), result);
  return result;
}

}  // namespace onrush
