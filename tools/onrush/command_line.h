// The flags of one subcommand.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/onrush/exit_code.h"

namespace CLI {
class App;
}

namespace onrush {

using Arguments = std::vector<std::string>;

// "unknown flag '--ouput'; right would be '--output'".
std::string Unknown(std::string_view what, std::string_view name,
                    const std::vector<std::string_view>& known);

// CLI11 with this program's manners: help on standard output with examples first, and for any
// mistake one line on standard error with the nearest right flag, and exit code 2.
class CommandLine {
 public:
  // `examples` are whole lines, shown at the top of the help.
  CommandLine(std::string_view command, std::string_view summary, std::string_view examples);

  ~CommandLine();

  // `names` is like "-o,--output", or without dashes for what stands alone; `value` is what the
  // help calls the value. The variables must outlive Parse(). Nothing is required: CLI11 would
  // complain of a missing flag before it names the mistyped one that stands in its place.
  void Add(const std::string& names, std::string& variable, const std::string& value,
           const std::string& description);
  void Add(const std::string& names, uint64_t& variable, const std::string& value,
           const std::string& description);
  void Add(const std::string& names, std::optional<uint64_t>& variable, const std::string& value,
           const std::string& description);
  void Add(const std::string& names, double& variable, const std::string& value,
           const std::string& description);
  // May be given several times.
  void Add(const std::string& names, std::vector<std::string>& variable, const std::string& value,
           const std::string& description);
  // All arguments that stand alone.
  void AddFiles(const std::string& name, std::vector<std::string>& files,
                const std::string& description);
  void AddSwitch(const std::string& name, bool& variable, const std::string& description);

  // Fills the options' variables. Returns an exit code if help was asked for or something is wrong.
  std::optional<ExitCode> Parse(Arguments arguments);

  // Reports wrong usage: "onrush replay: <what>; …".
  ExitCode Complain(std::string_view what) const;

 private:
  std::string UnknownFlag(const std::string& flag) const;

  std::string command_;
  // CLI11's header is half a megabyte of templates: only one file includes it.
  std::unique_ptr<CLI::App> app_;
};

}  // namespace onrush
