// What a running aggregate knows of its keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/key.h"
#include "core/plan.h"
#include "core/time.h"
#include "operators/accumulators.h"
#include "operators/key_table.h"
#include "operators/measure_text.h"
#include "operators/word_measures.h"

namespace onrush {

// Description
//   Keys, and for each the latest event time and the measures. The time and the first measure that
//   fits in a word (a count, an exact sum) stand with the key in one cache line, the others in
//   columns by id: an event touches one line of the index, one for the key, one for each further
//   measure.
// Threads
//   One.
class RunningStates {
 public:
  using Id = KeyIndex::Id;

  RunningStates(const StreamPlan& stream, const std::vector<MeasurePlan>& measures);

  // At most so many keys: others are refused.
  void SetKeyLimit(size_t keys) { keys_.SetLimit(keys); }

  // The rows whose keys are known or new, not refused; their ids are in ids(). Both are valid until
  // the next call.
  std::span<const uint32_t> Intern(const KeyColumn& keys, std::span<const uint32_t> rows);
  const Id* ids() const { return ids_.data(); }
  // Counts an event of a key.
  void Add(const EventBatch& batch, uint32_t row, Id id);
  // Intern() and Add() of all rows that are left, in one.
  void InternAndAdd(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows);
  // Counts events of the empty key, up to `latest`, whose columns of the same measures have them in
  // `slot`.
  void Combine(const std::vector<std::unique_ptr<Accumulators>>& measures, size_t slot,
               EventTime latest);

  std::string_view key(Id id) const { return keys_.key(id); }
  EventTime latest(Id id) const { return keys_.state(id).latest(); }
  // As MeasureText::Append().
  uint64_t AppendMeasures(Id id, std::string& out) const;
  // All keys by latest event time, then key.
  std::vector<Id> InOrder() const;
  // Asks for what a line about a key needs.
  void Prefetch(Id id) const { keys_.Prefetch(id); }

  uint64_t refused() const { return keys_.refused(); }
  size_t size() const { return keys_.size(); }
  size_t memory_bytes() const;

 private:
  // With a key. All zeros: before the first event.
  struct State {
    EventTime latest() const { return EventTime{static_cast<int64_t>(since_min ^ kMin)}; }
    void RaiseLatest(int64_t time) {
      since_min = std::max(since_min, static_cast<uint64_t>(time) ^ kMin);
    }

    static constexpr auto kMin = static_cast<uint64_t>(kMinEventTime.ns);
    uint64_t since_min;  // ns from the least event time to the latest
    int64_t word;        // of word_
  };
  void AddToColumns(const EventBatch& batch, std::span<const uint32_t> rows, const Id* ids);

  const MeasureText measure_text_;
  BasicKeyTable<State> keys_;
  std::variant<WordCount, WordSum> word_;  // where no measure fits in one, a count
  // By measure; null for that of the word. Slots are ids.
  std::vector<std::unique_ptr<Accumulators>> columns_;
  std::vector<Id> ids_;  // of the rows in work
};

}  // namespace onrush
