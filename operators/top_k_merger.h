// Puts the rankings of shards together and says what changed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/merger.h"
#include "operators/index_map.h"
#include "operators/top_list.h"
#include "operators/window_frontier.h"
#include "operators/window_lines.h"

namespace onrush {

// The rankings that a shard found during a batch, by seq, then window.
class PartialTops final : public PartialResults {
 public:
  struct Top {
    uint64_t seq;
    int64_t window_end;  // a boundary
    TopList list;        // never empty
  };

  // A ranking to be filled in.
  TopList& Add(uint64_t seq, int64_t window_end);

  size_t size() const { return size_; }
  const Top& top(size_t i) const { return tops_[i]; }

  bool empty() const override { return size_ == 0; }
  void Clear() override { size_ = 0; }

 private:
  std::vector<Top> tops_;  // those from size_ on are kept for their memory
  size_t size_ = 0;
};

// Description
//   The shards' keys are disjoint: the best k of the shards' best k are the best k. A shard hands
//   over a window's ranking when it fires and when it changed; the merger keeps each shard's last
//   one, and emits the merged ranking if it differs from what it emitted last. Cost: k times the
//   number of shards per ranking.
// Threads
//   The collector's.
class TopKMerger final : public Merger {
 public:
  // Requires: plan.queries[query] is a top_k. Fails as WindowAssigner::Create().
  static absl::StatusOr<std::unique_ptr<TopKMerger>> Create(const Plan& plan, uint32_t query);

  std::unique_ptr<PartialResults> NewPartial() const override;
  void Merge(std::span<PartialResults* const> parts, ResultLines& results) override;
  void Forget(EventTime watermark) override;

 private:
  struct Window {
    void Clear();

    std::vector<TopList> shards;  // the last ranking of each
    TopList emitted;              // empty: never
    uint64_t next_revision = 0;
  };
  struct Position {
    uint64_t seq;
    int64_t window_end;
    friend auto operator<=>(const Position&, const Position&) = default;
  };

  TopKMerger(const Plan& plan, uint32_t query, WindowAssigner assigner);
  // The smallest position among the next rankings. Requires: there is one.
  Position NextPosition(std::span<PartialResults* const> parts) const;
  void MergeWindow(const Window& window);
  void EmitLine(const Position& position, uint64_t revision, ResultLines& results);
  void AppendRanked(size_t i, std::string& text) const;

  const QueryPlan& query_plan_;
  const TopKPlan& plan_;
  const ValueType value_type_;
  const KeyCodec codec_;
  const std::string value_name_;  // ",\"count\":"
  WindowFrontier frontier_;
  IndexMap<Window> windows_;
  WindowLineWriter lines_;

  std::vector<size_t> next_;   // by shard: the next of its rankings to be taken
  std::vector<size_t> heads_;  // by shard: the next entry of its ranking to be merged
  TopList merged_;
};

}  // namespace onrush
