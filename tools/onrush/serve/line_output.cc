#include "tools/onrush/serve/line_output.h"

#include <utility>

#include "core/status_macros.h"
#include "operators/sinks/file_sink.h"
#include "tools/onrush/datagram_sink.h"

namespace onrush {

absl::StatusOr<LineOutput> LineOutput::Open(const std::string& name, StopToken stop) {
  LineOutput output;
  if (name.empty()) return output;
  if (DatagramSink::IsMeantBy(name)) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<DatagramSink> sink, DatagramSink::Open(name));
    output.datagrams_ = sink.get();
    output.sink_ = std::move(sink);
  } else {
    ONRUSH_ASSIGN_OR_RETURN(output.sink_, name == "-" ? FileSink::Open(name, stop)
                                                      : FileSink::OpenToAppend(name, stop));
  }
  return output;
}

uint64_t LineOutput::dropped() const {
  return datagrams_ == nullptr ? 0 : datagrams_->lines_dropped();
}

}  // namespace onrush
