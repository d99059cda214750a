// Runs the twohop program as a user would.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace twohop {

struct ProgramResult {
  int exit_code = 0;  // 128 + signal if one ended it.
  std::string out;    // Standard output.
  std::string err;    // Standard error.
};

// Runs build/<preset>/apps/twohop/twohop with these arguments, waits for it and returns what it
// said. Standard input is empty.
ProgramResult RunTwohop(const std::vector<std::string>& arguments);

}  // namespace twohop
