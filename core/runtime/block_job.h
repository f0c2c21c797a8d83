// A block of text on its way through the threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/runtime/batch_preparer.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/source.h"

namespace onrush {

// Description
//   Everything that one block needs, so that a thread that takes it up needs nothing else.
// Threads
//   Handed on: the ingest thread fills it, any one thread prepares it, the ingest thread admits it,
//   all shards process it (each its lane), the ingest thread collects it.
// Publication
//   To be prepared: the queue hands it over. `prepared`: stored with release by the thread that
//   prepared it, loaded with acquire by the ingest thread. To the shards: their rings hand it over.
//   `shards_left`: each shard subtracts with release when its lane is done, the ingest thread loads
//   with acquire.
struct BlockJob {
  BlockJob(BatchPreparer preparer, std::unique_ptr<Decoder> decoder)
      : preparer(std::move(preparer)), decoder(std::move(decoder)) {}

  BatchPreparer preparer;
  std::unique_ptr<Decoder> decoder;
  TextBlock block;
  bool end_of_input = false;  // no block: shards fire what is pending into the first batch

  std::vector<std::unique_ptr<PreparedBatch>> batches;  // the first batch_count are in use
  size_t batch_count = 0;

  uint64_t sent_ns = 0;  // to the shards, if somebody measures

  std::atomic<bool> prepared{false};
  std::atomic<size_t> shards_left{0};
};

}  // namespace onrush
