#include "tests/support/recordings.h"

#include <utility>

#include "core/status_macros.h"
#include "tests/support/decode_all.h"

namespace onrush {

ReceivedSource::ReceivedSource(std::vector<std::vector<ReceivedText>> blocks, bool ends_input)
    : blocks_(std::move(blocks)), ends_input_(ends_input) {
  for (std::vector<ReceivedText>& block : blocks_) {
    sizes_.emplace_back();
    for (ReceivedText& text : block) {
      sizes_.back().push_back(text.bytes.size());
      text.bytes.append(TextBlock::kPadding, '\0');
    }
  }
}

absl::StatusOr<bool> ReceivedSource::Next(TextBlock& block) {
  if (next_ == blocks_.size()) return false;
  block.number = next_;
  block.text = {};
  block.arrivals.clear();
  for (size_t i = 0; i < blocks_[next_].size(); ++i) {
    const ReceivedText& text = blocks_[next_][i];
    block.arrivals.push_back({text.kind,
                              {text.bytes.data(), sizes_[next_][i]},
                              text.sender,
                              text.arrived_ns,
                              text.line});
  }
  block.first_of_input = next_ == 0;
  ++next_;
  return true;
}

absl::Status RecordSource(Source& source, const StreamPlan& stream, Format format,
                          const std::string& directory, const RecorderOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(auto opened, OpenRecordingDirectory(directory));
  ONRUSH_ASSIGN_OR_RETURN(const auto recorder,
                          Recorder::Open(std::move(opened), stream, format, options));
  TextBlock block;
  for (int64_t time = 1;; ++time) {
    ONRUSH_ASSIGN_OR_RETURN(const bool more, source.Next(block));
    if (!more) break;
    if (block.arrivals.empty()) {
      block.arrivals.push_back(
          {ArrivalKind::kText, block.text, block.file, time, block.first_line});
      ONRUSH_RETURN_IF_ERROR(recorder->Append(block));
      block.arrivals.clear();
    } else {
      ONRUSH_RETURN_IF_ERROR(recorder->Append(block));
    }
    if (time % 3 == 0) ONRUSH_RETURN_IF_ERROR(recorder->HandOver());
  }
  return recorder->Close(source.ends_input() ? std::optional<int64_t>(0) : std::nullopt);
}

absl::StatusOr<RecordedContent> ReadRecording(const std::string& directory,
                                              const std::string& stream, bool skip_damaged) {
  RecordingOptions options;
  options.skip_damaged = skip_damaged;
  ONRUSH_ASSIGN_OR_RETURN(const auto source, RecordingSource::Open(directory, stream, options));
  RecordedContent content;
  TextBlock block;
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const bool more, source->Next(block));
    if (!more) break;
    for (const Arrival& arrival : block.arrivals) content.bytes += arrival.bytes;
  }
  content.notes = source->notes();
  return content;
}

StreamPlan LineStream() {
  StreamPlan stream = MakeStream({{"t", {TypeKind::kTimestamp}}, {"n", {TypeKind::kInt}}});
  stream.format = Format::kCsv;
  stream.header = false;
  return stream;
}

}  // namespace onrush
