// A live run, from the first datagram to the last line.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/plan.h"
#include "core/runtime/parker.h"
#include "core/runtime/stop_token.h"
#include "ingest/live/live_source.h"
#include "ingest/live/network_list.h"
#include "ingest/recording/recorder.h"

namespace onrush {

struct ServeOptions {
  // Input: sockets, or a file that grows; one of the two.
  std::vector<SocketAddress> addresses;
  std::string follow;
  DatagramSocketOptions sockets;
  DatagramSorterOptions datagrams;
  NetworkList may_be_answered;  // who may get verdicts

  // Outputs; see LineOutput. Empty: counted only.
  std::string results = "-";
  std::string late;
  std::string bad;
  std::string record;  // a directory; empty: nothing is recorded
  RecorderOptions recorder;
  std::string http;   // HOST:PORT of the pages; empty: none
  std::string stats;  // a file for the ledgers at the end; empty: none

  // How it runs.
  size_t shards = 0;
  WaitStrategy wait = WaitStrategy::kPark;
  // The first sender that says it sends nothing more ends the run, once what the sockets hold is
  // processed, and its input: all that is pending fires.
  bool until_end = false;
  // Ends the run once what was sent before is processed; nothing fires that is not due.
  StopToken stop;
};

// Serves until it is told to stop. Says on standard error what it listens to, and at the end what
// came. A recording that fails is told and ends; the run goes on without it.
absl::Status Serve(Plan plan, const ServeOptions& options);

}  // namespace onrush
