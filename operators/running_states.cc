#include "operators/running_states.h"

#include <tuple>
#include <utility>

namespace onrush {
namespace {

bool IsExactSum(const StreamPlan& stream, const MeasurePlan& measure) {
  return measure.kind == MeasurePlan::Kind::kSum &&
         IsExactNumber(stream.column_type(measure.column));
}

}  // namespace

RunningStates::RunningStates(const StreamPlan& stream, const std::vector<MeasurePlan>& measures)
    : measure_text_(measures) {
  bool word_taken = false;
  for (const MeasurePlan& measure : measures) {
    const bool exact_sum = IsExactSum(stream, measure);
    if (word_taken || !(exact_sum || measure.kind == MeasurePlan::Kind::kCount)) {
      columns_.push_back(MakeAccumulators(stream, measure));
      continue;
    }
    word_taken = true;
    columns_.push_back(nullptr);
    if (exact_sum) word_ = WordSum(measure.column, stream.column_type(measure.column).scale);
  }
}

std::span<const uint32_t> RunningStates::Intern(const KeyColumn& keys,
                                                std::span<const uint32_t> rows) {
  ids_.resize(std::max(ids_.size(), rows.size()));
  return keys_.Intern(keys, rows, ids_.data());
}

void RunningStates::Add(const EventBatch& batch, uint32_t row, Id id) {
  State& state = keys_.state(id);
  state.RaiseLatest(batch.times()[row]);
  std::visit([&](auto& word) { word.Add(state.word, id, word.InputOf(batch), row); }, word_);
  AddToColumns(batch, {&row, 1}, &id);
}

void RunningStates::InternAndAdd(const EventBatch& batch, const KeyColumn& keys,
                                 std::span<const uint32_t> rows) {
  ids_.resize(std::max(ids_.size(), rows.size()));
  const auto add_all = [&](auto& word) {
    const auto input = word.InputOf(batch);
    const int64_t* const times = batch.times();
    return keys_.Intern(keys, rows, ids_.data(), [&, times](uint32_t row, Id id, State& state) {
      state.RaiseLatest(times[row]);
      word.Add(state.word, id, input, row);
    });
  };
  AddToColumns(batch, std::visit(add_all, word_), ids_.data());
}

void RunningStates::AddToColumns(const EventBatch& batch, std::span<const uint32_t> rows,
                                 const Id* ids) {
  for (const auto& column : columns_) {
    if (column == nullptr) continue;
    column->Resize(keys_.id_limit());
    column->Add(batch, rows, ids);
  }
}

void RunningStates::Combine(const std::vector<std::unique_ptr<Accumulators>>& measures, size_t slot,
                            EventTime latest) {
  const Id id = keys_.FindOrInsert({}, 0);
  State& state = keys_.state(id);
  state.RaiseLatest(latest.ns);
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == nullptr) {
      std::visit([&](auto& word) { word.Combine(state.word, id, *measures[i], slot); }, word_);
    } else {
      columns_[i]->Resize(keys_.id_limit());
      columns_[i]->Combine(id, *measures[i], slot);
    }
  }
}

uint64_t RunningStates::AppendMeasures(Id id, std::string& out) const {
  const auto append_value = [&](size_t i, std::string& text) {
    if (columns_[i] != nullptr) return columns_[i]->AppendJson(id, text);
    std::visit([&](const auto& word) { word.AppendJson(keys_.state(id).word, id, text); }, word_);
    return true;
  };
  return measure_text_.Append(append_value, out);
}

std::vector<RunningStates::Id> RunningStates::InOrder() const {
  std::vector<std::pair<uint64_t, Id>> order(keys_.size());  // no key is ever forgotten
  for (Id id = 0; id < order.size(); ++id) order[id] = {keys_.state(id).since_min, id};
  std::sort(order.begin(), order.end(), [this](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : keys_.key(a.second) < keys_.key(b.second);
  });
  std::vector<Id> ids;
  ids.reserve(order.size());
  for (const auto& [since_min, id] : order) ids.push_back(id);
  return ids;
}

size_t RunningStates::memory_bytes() const {
  size_t bytes = keys_.memory_bytes();
  std::visit([&](const auto& word) { bytes += word.memory_bytes(); }, word_);
  for (const auto& column : columns_) {
    if (column != nullptr) bytes += column->memory_bytes();
  }
  return bytes;
}

}  // namespace onrush
