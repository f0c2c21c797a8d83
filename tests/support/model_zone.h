// A time zone as the model sees it: stretches of constant offset, searched one by one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onrush::model {

// All times are whole seconds: of UTC since 1970, or of the local calendar read as if it were UTC.
class Zone {
 public:
  // The zone of that IANA name, loaded once. Requires: the system knows it.
  static Zone& Named(const std::string& name);

  int64_t OffsetAt(int64_t utc) const;

  // The instant of a local time: the first of two, or read with the offset before the change if the
  // clocks skip it.
  int64_t InstantOf(int64_t local) const;

  // The first instant whose local date is `day` (counted from 1970-01-01); nothing if none has it.
  std::optional<int64_t> StartOfDay(int64_t day);

  // The moments at which the offset changes, from 1653 to 2286.
  std::vector<int64_t> Changes() const;

 private:
  struct Stretch {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t offset = 0;
  };
  explicit Zone(const std::string& name);
  std::optional<int64_t> FindStartOfDay(int64_t day) const;

  std::vector<Stretch> stretches_;
  std::map<int64_t, std::optional<int64_t>> day_starts_;
};

}  // namespace onrush::model
