// The flags of one subcommand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "tools/onrush/exit_code.h"

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

  // `names` is like "-o,--output", or without dashes for what stands alone; `value` is what the
  // help calls the value. Nothing is required: CLI11 would complain of a missing flag before it
  // names the mistyped one that stands in its place.
  template <typename T>
  void Add(const std::string& names, T& variable, const std::string& value,
           const std::string& description) {
    app_.add_option(names, variable, description)->type_name(value)->capture_default_str();
  }
  void AddFiles(const std::string& name, std::vector<std::string>& files,
                const std::string& description) {
    app_.add_option(name, files, description)->type_name("");
  }
  void AddSwitch(const std::string& name, bool& variable, const std::string& description) {
    app_.add_flag(name, variable, description);
  }

  // Fills the options' variables. Returns an exit code if help was asked for or something is wrong.
  std::optional<ExitCode> Parse(Arguments arguments);

  // Reports wrong usage: "onrush replay: <what>; …".
  ExitCode Complain(std::string_view what) const;

 private:
  std::string UnknownFlag(const std::string& flag) const;

  std::string command_;
  CLI::App app_;
};

}  // namespace onrush
