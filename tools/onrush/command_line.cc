#include "tools/onrush/command_line.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "CLI/CLI.hpp"
#include "core/suggest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

// The first line of CLI11's messages says what is wrong.
std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

template <typename T>
void AddOption(CLI::App& app, const std::string& names, T& variable, const std::string& value,
               const std::string& description) {
  app.add_option(names, variable, description)->type_name(value)->capture_default_str();
}

// CLI11 would read -1 as the highest number.
template <typename T>
void AddCount(CLI::App& app, const std::string& names, T& variable, const std::string& value,
              const std::string& description) {
  AddOption(app, names, variable, value, description);
  const std::string flag = names.substr(names.rfind(',') + 1);
  app.get_option(flag)->check([flag](const std::string& text) {
    if (!text.starts_with('-')) return std::string();
    return fmt::format("found '{}'; right would be a whole number from 0 on", text);
  });
}

}  // namespace

std::string Unknown(std::string_view what, std::string_view name,
                    const std::vector<std::string_view>& known) {
  return fmt::format("unknown {} '{}'; right would be {}", what, name,
                     DescribeChoices(name, known, "none"));
}

CommandLine::CommandLine(std::string_view command, std::string_view summary,
                         std::string_view examples)
    : command_(command),
      app_(std::make_unique<CLI::App>(fmt::format("{}\n{}", examples, summary),
                                      "onrush " + command_)) {
  app_->set_help_flag("-h,--help", "Print this help");
}

CommandLine::~CommandLine() = default;

void CommandLine::Add(const std::string& names, std::string& variable, const std::string& value,
                      const std::string& description) {
  AddOption(*app_, names, variable, value, description);
}
void CommandLine::Add(const std::string& names, uint64_t& variable, const std::string& value,
                      const std::string& description) {
  AddCount(*app_, names, variable, value, description);
}
void CommandLine::Add(const std::string& names, std::optional<uint64_t>& variable,
                      const std::string& value, const std::string& description) {
  AddCount(*app_, names, variable, value, description);
}
void CommandLine::Add(const std::string& names, double& variable, const std::string& value,
                      const std::string& description) {
  AddOption(*app_, names, variable, value, description);
}

void CommandLine::Add(const std::string& names, std::vector<std::string>& variable,
                      const std::string& value, const std::string& description) {
  // One value each time: what stands alone after it is no value of it.
  app_->add_option(names, variable, description)->type_name(value)->allow_extra_args(false);
}

void CommandLine::AddFiles(const std::string& name, std::vector<std::string>& files,
                           const std::string& description) {
  app_->add_option(name, files, description)->type_name("");
}

void CommandLine::AddSwitch(const std::string& name, bool& variable,
                            const std::string& description) {
  app_->add_flag(name, variable, description);
}

std::optional<ExitCode> CommandLine::Parse(Arguments arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants it
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    std::cout << app_->help() << std::flush;
    return std::cout.good() ? kExitDone : kExitFailed;
  } catch (const CLI::ExtrasError&) {
    const std::string extra = app_->remaining().front();
    return Complain(extra.starts_with('-') ? UnknownFlag(extra)
                                           : fmt::format("what is '{}' for?", extra));
  } catch (const CLI::ParseError& error) {
    return Complain(FirstLine(error.what()));
  }
  return std::nullopt;
}

ExitCode CommandLine::Complain(std::string_view what) const {
  std::fprintf(stderr, "onrush %s: %s (onrush %s --help)\n", command_.c_str(),
               std::string(what).c_str(), command_.c_str());
  return kExitUsage;
}

std::string CommandLine::UnknownFlag(const std::string& flag) const {
  const std::string name = flag.substr(0, flag.find('='));
  std::vector<std::string> flags;
  for (const CLI::Option* option : app_->get_options()) {
    for (const std::string& long_name : option->get_lnames()) flags.push_back("--" + long_name);
  }
  return Unknown("flag", name, {flags.begin(), flags.end()});
}

}  // namespace onrush
