// An explanation for people, for programs and as a picture.
#pragma once

#include <string>

#include "tools/onrush/explain/explanation.h"

namespace onrush {

// Lines of text: those of DescribePlan() (describe_plan.h), and what else there is to say.
std::string ExplanationAsText(const Explanation& explanation);

// One object in one line; tools/onrush/README.md lists its members.
std::string ExplanationAsJson(const Explanation& explanation);

// A directed graph in the language of Graphviz: the way of the events from the streams to the
// outputs.
std::string ExplanationAsDot(const Explanation& explanation);

}  // namespace onrush
