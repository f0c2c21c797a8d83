// The subcommands, one file each. Each gets the arguments after its name, does its work and
// returns the exit code.
#pragma once

#include "tools/onrush/command_line.h"
#include "tools/onrush/exit_code.h"

namespace onrush {

ExitCode RunReplay(const Arguments& arguments);
ExitCode RunProfile(const Arguments& arguments);
ExitCode RunConvert(const Arguments& arguments);
ExitCode RunRecord(const Arguments& arguments);
ExitCode RunServe(const Arguments& arguments);
ExitCode RunCheck(const Arguments& arguments);
ExitCode RunExplain(const Arguments& arguments);
ExitCode RunGen(const Arguments& arguments);
ExitCode RunSend(const Arguments& arguments);

}  // namespace onrush
