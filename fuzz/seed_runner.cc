// Drives a fuzz target where there is no libFuzzer: every seed, then deterministic mutations of it.

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/rng.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using twohop::Rng;

// What parsers of text trip over.
constexpr std::array<std::string_view, 24> kTokens = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ">",
    " > ",
    "\t",
    "|",
    "#",
    "\n",
    "\xFF",
    "\xC2\x85",
    "-",
    std::string_view("\0", 1),
    "\\u0000",
    "null",
    "1e999",
    "\\ud800",
    "99999999999999999999",
    "帐篷",
};

std::string current;  // The input under way, for the handler below.

// Leaves the input that ended the process behind.
void OnCrash(int signal) {
  const std::string name = "crash-" + twohop::HashHex(twohop::Hash64(current));
  if (std::FILE* file = std::fopen(name.c_str(), "wb"); file != nullptr) {
    std::fwrite(current.data(), 1, current.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "the input is in %s\n", name.c_str());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void RunOne(std::string input) {
  current = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

std::size_t PositionIn(const std::string& text, Rng& rng) { return rng.Below(text.size() + 1); }

// Deep nesting and long runs.
void Repeat(std::string& text, std::size_t at, std::string_view token, std::size_t times) {
  std::string run;
  for (std::size_t i = 0; i < times; ++i) run += token;
  text.insert(at, run);
}

void MutateOnce(std::string& text, const std::vector<std::string>& seeds, Rng& rng) {
  const std::size_t at = PositionIn(text, rng);
  const std::size_t size = rng.Below(16) + 1;
  switch (rng.Below(8)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng.Below(8)));
      break;
    case 1:
      text.insert(at, 1, static_cast<char>(rng.Below(256)));
      break;
    case 2:
      text.insert(at, kTokens[rng.Below(kTokens.size())]);
      break;
    case 3:
      text.erase(at, size);
      break;
    case 4:
      text.insert(at, text.substr(at, size));
      break;
    case 5:
      text.resize(at);
      break;
    case 6:
      Repeat(text, at, kTokens[rng.Below(kTokens.size())], std::size_t{1} << rng.Below(13));
      break;
    default: {
      const std::string& other = seeds[rng.Below(seeds.size())];
      text.insert(at, other.substr(PositionIn(other, rng), size * 4));
    }
  }
}

void RunMutations(std::size_t seed, const std::vector<std::string>& seeds, std::uint64_t count,
                  const Rng& root) {
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng = root.Fork("mutation", seed * count + i);
    std::string text = seeds[seed];
    for (std::uint64_t n = rng.Below(4) + 1; n > 0; --n) MutateOnce(text, seeds, rng);
    RunOne(std::move(text));
  }
}

std::vector<std::string> ReadSeeds(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      files.push_back(entry.path());
    }
  } else {
    files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    auto seed = twohop::ReadFile(file);
    if (seed.has_value()) seeds.push_back(*std::move(seed));
  }
  return seeds;
}

std::uint64_t NumberOr(int argc, char** argv, int position, std::uint64_t fallback) {
  if (position >= argc) return fallback;
  const std::string_view text = argv[position];
  std::from_chars(text.data(), text.data() + text.size(), fallback);
  return fallback;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s <file or folder of seeds> [mutations a seed] [random seed]\n",
                 argv[0]);
    return 2;
  }
  const std::vector<std::string> seeds = ReadSeeds(argv[1]);
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds in %s\n", argv[1]);
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal, OnCrash);
  const std::uint64_t mutations = NumberOr(argc, argv, 2, 0);
  const Rng root(NumberOr(argc, argv, 3, 1));
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    RunOne(seeds[i]);
    RunMutations(i, seeds, mutations, root);
  }
  std::printf("%zu seeds, %llu mutations of each\n", seeds.size(),
              static_cast<unsigned long long>(mutations));
  return 0;
}
