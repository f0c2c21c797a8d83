// When windows fire and when they tell again, for top_k and aggregate alike.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/model_measure.h"
#include "tests/support/model_operators.h"
#include "tests/support/model_window.h"

namespace onrush::model {

class ModelWindowed : public ModelOperator {
 public:
  ModelWindowed(const Plan& plan, size_t query);

  Verdict Offer(const Event& event, const Key& key) override;
  void Advance(uint64_t seq, Int128 from, Int128 to) override;

 protected:
  // What has its own revisions in a window: a key, or for top_k the whole window (the empty key).
  virtual Key GroupOf(const Key& key) const = 0;

  // The members of the line after "revision".
  virtual std::string Render(const Key& group, const std::vector<const Event*>& events) const = 0;
  // Those members when nothing has been told so far.
  virtual std::string Nothing() const { return ""; }

  const QueryPlan& query() const { return query_; }
  const StreamPlan& stream() const { return stream_; }
  Int128 PaneOfTime(Int128 time) const { return LastBoundary(plan_, time); }

 private:
  struct Group {
    std::vector<const Event*> events;
    std::string told;  // what the last line said; empty: there was none
    uint64_t next_revision = 0;
    bool changed = false;  // events have come since it was last looked at
  };
  using GroupId = std::pair<Window, Key>;
  void TellIfNew(uint64_t seq, const GroupId& id, Group& group);

  const QueryPlan& query_;
  const StreamPlan& stream_;
  const WindowPlan& plan_;
  const size_t query_index_;
  std::map<GroupId, Group> groups_;  // of windows that have not closed for good
};

}  // namespace onrush::model
