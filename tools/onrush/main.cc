// onrush: a single-node, in-memory event processor. Here: which subcommand is meant.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "tools/onrush/commands.h"

namespace onrush {
namespace {

struct Command {
  std::string_view name;
  ExitCode (*run)(const Arguments&);
};
constexpr Command kCommands[] = {
    {"replay", RunReplay}, {"check", RunCheck},     {"explain", RunExplain},
    {"record", RunRecord}, {"convert", RunConvert}, {"gen", RunGen},
    {"send", RunSend},     {"profile", RunProfile}, {"serve", RunServe}};

constexpr std::string_view kHelp =
    R"(  onrush gen clicks --events 100000 --output clicks.csv        make something to look at
  onrush check tools/pipelines/top_pages.toml                  is the pipeline right?
  onrush explain tools/pipelines/top_pages.toml                what will it do and need?
  onrush replay -p tools/pipelines/top_pages.toml clicks.csv   what comes out

onrush answers questions about streams of events, in event time, exactly.

Commands:
  replay   feed recorded files through a pipeline
  check    validate a pipeline file and say what it does
  explain  say how a pipeline runs: fields, routes, panes, lateness, memory
  serve    take events as they happen, over datagrams, and answer at once
  record   keep events as they arrive, to be replayed
  convert  turn recorded files into columns (.orb), fast to replay, and back
  gen      write made-up events
  send     send recorded events as datagrams, at their pace
  profile  replay, and say where the time goes

`onrush COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong usage, 65 damaged data,
78 wrong configuration.
)";

ExitCode PrintHelp(std::FILE* stream) {
  std::fputs(kHelp.data(), stream);
  return std::fflush(stream) == 0 ? kExitDone : kExitFailed;
}

ExitCode ComplainOf(const std::string& name) {
  std::vector<std::string_view> known;
  for (const Command& command : kCommands) known.push_back(command.name);
  fmt::print(stderr, "onrush: {} (onrush --help)\n", Unknown("command", name, known));
  return kExitUsage;
}

ExitCode Run(Arguments arguments) {
  if (arguments.empty()) {
    PrintHelp(stderr);
    return kExitUsage;
  }
  std::string name = arguments.front();
  arguments.erase(arguments.begin());
  if (name == "help" && !arguments.empty()) {
    name = arguments.front();
    arguments = {"--help"};
  }
  if (name == "--help" || name == "-h" || name == "help") return PrintHelp(stdout);
  if (name == "--version") {
    fmt::print("onrush {}\n", ONRUSH_VERSION);
    return kExitDone;
  }
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run(arguments);
  }
  return ComplainOf(name);
}

}  // namespace
}  // namespace onrush

int main(int argc, char** argv) {
  // A reader that goes away shall be an error of the write, with a message.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return onrush::Run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "onrush: {}\n", error.what());
    return onrush::kExitFailed;
  }
}
