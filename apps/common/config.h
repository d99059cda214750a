// The configuration file.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"

namespace twohop::app {

struct EndpointConfig {
  std::string mode = "managed";  // "managed" or "remote".
  std::string url;               // Of a remote endpoint, up to and with "/v1".
  std::string model;
  // LoRA adapter of a managed chat server: a folder of adapters/, or a GGUF file; empty: none.
  std::string adapter;
  std::string api_key_env;     // Name of an environment variable; empty: no key.
  std::uint32_t threads = 0;   // Of a managed server; 0: one per core.
  std::uint32_t parallel = 4;  // Requests in flight.
  std::uint32_t request_timeout_s = 120;
  double usd_per_million_prompt_tokens = 0;
  double usd_per_million_completion_tokens = 0;

  bool managed() const { return mode == "managed"; }
};

// Of [llm]: what a language model may cost, in money, tokens and time. 0 is no limit.
struct LlmLimitsConfig {
  std::uint64_t daily_budget_tokens = 0;  // Of prompts and replies together, in a day (UTC).
  double daily_budget_usd = 0;
  std::uint64_t max_call_tokens = 0;  // Of one call, prompt and reply together.
  std::uint64_t per_user_daily_tokens = 0;
  std::uint32_t call_deadline_s = 600;     // Of one call with all its attempts; at least 1.
  std::uint32_t refresh_deadline_s = 900;  // Of one user's refresh.
};

// Of [llm.breaker].
struct BreakerConfig {
  std::uint32_t failures = 5;  // In a row.
  std::uint32_t cool_down_s = 30;
};

// One of [[reasoning.agent]]: who takes part in a debate.
struct AgentConfig {
  std::string name;
  std::string strategy = "full_two_hop";  // TwoHopStrategyName.
  std::string persona;                    // Its point of view, of full_two_hop.
  double temperature = 0.0;               // In [0, 2].
  std::uint64_t seed = 0;                 // Added to reasoning.seed.
  double weight = 1.0;                    // Of its votes, in (0, 1000].
  // The model that it asks; without a url: that of [llm].
  EndpointConfig endpoint{.mode = "remote"};

  bool has_endpoint() const { return !endpoint.url.empty(); }
};

struct ReasoningConfig {
  std::string strategy = "shared_edges";  // TwoHopStrategyName.
  std::string mode = "single";            // DeliberationModeName.
  std::uint32_t samples = 3;              // Of self_consistency.
  double sample_temperature = 0.7;        // Of self_consistency, in [0, 2].
  std::uint32_t rounds = 2;               // Of a debate, at most 8.
  double enough_agreement = 0.9;          // Of a debate, in [0, 1].
  double trust = 0.3;                     // Of agents in each other, in [0, 1].
  std::vector<AgentConfig> agents;        // Of a debate; none: DefaultAgents.
  std::uint64_t seed = 1;
  std::uint32_t max_interests = 8;  // Per user.
  std::uint32_t max_per_level1 = 2;
  // From this cosine with a sensitive description on, searches and demands are blocked, in (0, 1];
  // 0: words alone are.
  double sensitive_similarity = 0.4;
  std::uint32_t browsed_categories = 0;  // EvidenceOptions::max_browsed.
  std::uint32_t browsed_min_clicks = 3;  // EvidenceOptions::min_browsed_clicks; at least 1.
  std::uint32_t cohort_min_users = 20;   // CohortOptions::min_users; 0: no interests of cohorts.
  std::uint32_t edge_ttl_days = 30;      // Of models' answers; 0: they never expire.
  std::uint32_t edge_k_anonymity = 3;    // EdgeStoreOptions::k_anonymity.
  double edge_merge_cosine = 0.9;        // StoredAnswerOptions::merge_cosine; above 1: never.
};

// TrainOptions of towers/training, which says more of each; a test compares the defaults.
struct TrainConfig {
  std::uint32_t epochs = 2;
  std::uint64_t seed = 1;
  double validation_share = 0;
  std::uint32_t patience = 0;
  std::uint32_t batch_size = 512;
  std::uint32_t dim = 64;
  std::uint32_t history_window = 50;
  std::uint32_t history_heads = 0;
  std::uint32_t item_id = 0;
  std::uint32_t negatives = 4;
  bool hard_negatives = true;
  double learning_rate = 0.005;
  double table_learning_rate = 0.2;
  std::string table_optimizer = "adagrad";  // TableOptimizerName.
  double temperature = 0.05;
  double click_weight = 1.0;
  double interest_weight = 0.3;
  double softmax_weight = 0;
  std::uint32_t softmax_negatives = 2048;
  std::string log_q = "counts";            // LogQName.
  std::string condition = "own_category";  // ConditionSourceName.
  double unconditioned_share = 0.15;
  double feature_dropout = 0.05;
  double history_dropout = 0;
  double dropout = 0;
};

// One of [[recall.channel]]; see ChannelOptions and PlaceRules.
struct ChannelConfig {
  std::string name;                   // ChannelName.
  double share = 0.0;                 // In [0, 1e6]; 0: not asked.
  std::uint32_t max_items = 0;        // 0: as many as there are.
  std::uint32_t first_place = 1;      // At least 1.
  std::vector<std::uint32_t> places;  // Ascending, from 1; empty: as the share has it.
  double deadline_ms = 0.0;           // 0: the page's.
  std::uint32_t seeds = 10;           // Of similar and co_click, in [1, 200].

  friend bool operator==(const ChannelConfig&, const ChannelConfig&) = default;
};

// See RecallerOptions.
struct RecallConfig {
  double novelty_share = 0.3;  // Of a page, in [0, 1].
  double diversity = 0.0;      // In [0, 1].
  double deadline_ms = 50.0;   // 0: none.
  std::uint32_t max_interests = 8;
  std::uint32_t max_interest_age_days = 7;
  std::uint32_t exposure_pause_hours = 0;                   // 0: none.
  std::uint32_t max_exposures = 0;                          // 0: no limit.
  std::vector<ChannelConfig> channels = DefaultChannels();  // All of them, in their order.

  static std::vector<ChannelConfig> DefaultChannels();

  friend bool operator==(const RecallConfig&, const RecallConfig&) = default;
};

struct ServeConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8089;
  std::uint32_t threads = 0;  // 0: one per core.
};

// configs/twohop.toml has the same defaults, with a comment each; a test compares the two.
struct Config {
  // A small model that writes one token after the other is slower with more threads, and where cores
  // are shared many times slower.
  EndpointConfig llm{.model = "smollm2-135m-instruct",
                     .adapter = "interestgpt-smollm2-135m",
                     .threads = 1};
  LlmLimitsConfig llm_limits;
  BreakerConfig llm_breaker;
  // Of [[llm.fallback]]: remote endpoints that are asked, in this order, when llm does not answer.
  std::vector<EndpointConfig> llm_fallback;
  EndpointConfig embedding{.model = "all-minilm-l6-v2", .parallel = 2, .request_timeout_s = 60};
  ReasoningConfig reasoning;
  TrainConfig train;
  RecallConfig recall;
  ServeConfig serve;
};

// Reads TOML over the defaults.
//
// Errors: kInvalidArgument, as "<file>:<line>: ...", if the text is not TOML, a key is unknown, or
// a value has the wrong type or is out of range.
Result<Config> ParseConfig(std::string_view toml, std::string_view file_name);

// Errors: those of ParseConfig; kNotFound if there is no such file.
Result<Config> LoadConfig(const std::filesystem::path& file);

// All values as TOML that ParseConfig reads back.
std::string ConfigToToml(const Config& config);

}  // namespace twohop::app
