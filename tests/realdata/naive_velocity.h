// Velocity by the rules as one would apply them by hand, for inputs of millions of events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onrush::realdata {

// Description
//   Keeps every event of a key in the order of its time. Each arrival judges anew whatever has it
//   in its trailing window, by walking through that window.
class NaiveVelocity {
 public:
  struct Distinct {
    std::string field;
    int64_t at_least = 0;
  };
  struct Sum {
    std::string field;
    int scale = 0;
    int64_t over = 0;  // in units of 10^-scale, as amounts are
  };
  struct Query {
    std::string name;
    std::string key_field;
    int64_t within = 0;  // milliseconds
    std::optional<int64_t> count_over = std::nullopt;
    std::optional<Distinct> distinct = std::nullopt;
    std::optional<Sum> sum = std::nullopt;
    std::optional<int64_t> cooldown = std::nullopt;  // milliseconds
  };
  struct Event {
    uint64_t seq = 0;
    int64_t time = 0;  // milliseconds
    int64_t key = 0;
    int64_t value = 0;   // of the distinct field
    int64_t amount = 0;  // of the summed field
  };

  explicit NaiveVelocity(Query query) : query_(std::move(query)) {}

  // The lines that the arrival of an event brings. Requires: it is neither late nor rejected.
  std::string Arrive(const Event& event);

  // The numbers of the events flagged so far, those kept back by the cooldown included, ascending.
  std::vector<uint64_t> Flagged() const;

 private:
  struct Entry {
    Event event;
    bool flagged = false;
  };
  struct Key {
    std::vector<Entry> entries;  // by time, then arrival
    std::vector<int64_t> told;   // the times of the flags that were emitted
  };
  struct Measures {
    int64_t count = 0;
    int64_t distinct = 0;
    int64_t sum = 0;
  };

  Measures Measure(const Key& key, int64_t time) const;
  bool Meets(const Measures& measures) const;
  bool IsCooling(const Key& key, int64_t time) const;
  std::string Line(uint64_t seq, const Event& event, const Measures& measures) const;

  const Query query_;
  std::map<int64_t, Key> keys_;
};

}  // namespace onrush::realdata
