// Events as 32 bytes each: what all formats become before they are counted, and a format of its
// own.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/floor/blocks.h"
#include "bench/floor/key_table.h"
#include "bench/floor/lines.h"

namespace floor_bench {

struct Record {
  int64_t time_ms;
  Key key;
  uint64_t other;  // payments: a hash that stands for the merchant; stock: the quantity
};
static_assert(sizeof(Record) == 32);

inline Record RecordOf(const Line& line) {
  Record record{line.time_ms, Key::Of(line.key), static_cast<uint64_t>(line.number)};
  if (!line.other.empty()) {
    record.other = 0xCBF29CE484222325u;
    for (const char c : line.other) {
      record.other = (record.other ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    }
  }
  return record;
}

// Calls each(record) for every event of a file: records if its name ends in .bin, else lines.
template <NextLine csv, NextLine json, NextLine any_json, typename Each>
void ForEachRecord(const char* path, Each each) {
  if (!std::string_view(path).ends_with(".bin")) {
    ForEachLine<csv, json, any_json>(path, [&](const Line& line) { each(RecordOf(line)); });
    return;
  }
  ForEachPiece(path, sizeof(Record), [&](const char* p, const char* end) {
    for (; p < end; p += sizeof(Record)) {
      Record record;
      std::memcpy(&record, p, sizeof(record));
      each(record);
    }
  });
}

// With a second path, writes the records of the first file there instead of counting them: the
// input of the binary floor. True if it did.
template <NextLine csv, NextLine json, NextLine any_json>
bool WriteRecords(int argument_count, char** arguments) {
  if (argument_count < 3) return false;
  std::FILE* const file = std::fopen(arguments[2], "wb");
  if (file == nullptr) Die("cannot write the file");
  ForEachRecord<csv, json, any_json>(arguments[1], [&](const Record& record) {
    if (std::fwrite(&record, sizeof(record), 1, file) != 1) Die("cannot write the file");
  });
  if (std::fclose(file) != 0) Die("cannot write the file");
  return true;
}

}  // namespace floor_bench
