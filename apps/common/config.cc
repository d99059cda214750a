#include "apps/common/config.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "twohop/base/file.h"

namespace twohop::app {
namespace {

// One pass over the configuration that either reads from a table or writes into one, so that the
// list of keys stands in one place. The first error sticks.
class Binder {
 public:
  // Reads `table`; `file` is for messages.
  Binder(const toml::table& table, std::string_view file) : source_(&table), file_(file) {}
  explicit Binder(toml::table& sink) : sink_(&sink) {}

  void Section(std::string_view name) {
    known_sections_.emplace_back(name);
    if (sink_ != nullptr) sink_->insert(name, toml::table{});
    Enter(std::string(name), source_ == nullptr ? nullptr : source_->get(name));
  }

  // [parent.name]
  void Subsection(std::string_view parent, std::string_view name) {
    if (toml::table* const above = TableAt(sink_, parent)) above->insert(name, toml::table{});
    const toml::table* const above = TableAt(source_, parent);
    Enter(fmt::format("{}.{}", parent, name), above == nullptr ? nullptr : above->get(name));
  }

  // The tables [[parent.name]], each bound by `bind`, which gets an element of `values`.
  template <typename T, typename BindElement>
  void Subsections(std::string_view parent, std::string_view name, std::vector<T>& values,
                   BindElement bind) {
    PrepareArray(parent, name, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Enter(fmt::format("{}.{}[{}]", parent, name, i), nullptr);
      bind(values[i]);
    }
  }

  // Has a key of the current section that Subsection or Subsections will read.
  void Know(std::string_view key) { known_.emplace_back(key); }

  template <typename T>
  void Value(std::string_view key, T& value) {
    known_.emplace_back(key);
    if (sink_ != nullptr) {
      Write(key, value);
    } else if (const toml::node* node = Find(key); node != nullptr) {
      Read(key, *node, value);
    }
  }

  bool reads() const { return source_ != nullptr; }

  void Require(std::string_view key, bool holds, std::string_view wanted) {
    RequireIn(section_, key, holds, wanted);
  }

  // Of a section that was bound before.
  void RequireIn(std::string_view section, std::string_view key, bool holds,
                 std::string_view wanted) {
    if (holds) return;
    const toml::table* const table = TableAt(source_, section);
    Fail(fmt::format("{}.{} must be {}", section, key, wanted),
         table == nullptr ? nullptr : table->get(key));
  }

  Status Finish() {
    RejectUnknownKeys();
    if (source_ != nullptr) RejectUnknown(*source_, known_sections_, "section");
    if (error_) return InvalidArgument(*error_);
    return Ok();
  }

 private:
  // By a path such as "llm.fallback[0]"; null if there is no such table.
  template <typename Table>
  static Table* TableAt(Table* root, std::string_view path) {
    return root == nullptr ? nullptr : root->at_path(path).as_table();
  }

  const toml::table* CurrentTable() const { return TableAt(source_, section_); }

  // `node` is what stands where the section should; null if nothing.
  void Enter(std::string section, const toml::node* node) {
    RejectUnknownKeys();
    section_ = std::move(section);
    known_.clear();
    if (node != nullptr && !node->is_table()) {
      Fail(fmt::format("{} must be a table: [{}]", section_, section_), node);
    }
  }

  // Makes one table for each value when writing, and one value for each table when reading.
  template <typename T>
  void PrepareArray(std::string_view parent, std::string_view name, std::vector<T>& values) {
    if (sink_ != nullptr && !values.empty()) {
      toml::array tables;
      for (std::size_t i = 0; i < values.size(); ++i) tables.push_back(toml::table{});
      TableAt(sink_, parent)->insert(name, std::move(tables));
    }
    const toml::table* const above = TableAt(source_, parent);
    const toml::node* const node = above == nullptr ? nullptr : above->get(name);
    if (node == nullptr) return;
    if (!node->is_array_of_tables()) {
      Fail(fmt::format("{0}.{1} must be tables: [[{0}.{1}]]", parent, name), node);
      return;
    }
    values.resize(node->as_array()->size());
  }

  const toml::node* Find(std::string_view key) const {
    const toml::table* table = CurrentTable();
    return table == nullptr ? nullptr : table->get(key);
  }

  void Fail(std::string_view message, const toml::node* where) {
    if (error_) return;
    const auto line = where == nullptr ? 0 : where->source().begin.line;
    error_ = line == 0 ? fmt::format("{}: {}", file_, message)
                       : fmt::format("{}:{}: {}", file_, line, message);
  }

  template <typename T>
  void Write(std::string_view key, const T& value) {
    toml::table& table = *TableAt(sink_, section_);
    if constexpr (std::unsigned_integral<T> && !std::same_as<T, bool>) {
      table.insert(key, static_cast<std::int64_t>(value));
    } else if constexpr (std::same_as<T, std::vector<std::uint32_t>>) {
      toml::array numbers;
      for (const std::uint32_t number : value) numbers.push_back(std::int64_t{number});
      table.insert(key, std::move(numbers));
    } else {
      table.insert(key, value);
    }
  }

  template <std::unsigned_integral T>
  void Read(std::string_view key, const toml::node& node, T& value) {
    const auto number = node.value_exact<std::int64_t>();
    const auto limit = static_cast<std::uint64_t>(std::min<std::uint64_t>(
        std::numeric_limits<T>::max(), std::uint64_t{std::numeric_limits<std::int64_t>::max()}));
    if (!number || *number < 0 || static_cast<std::uint64_t>(*number) > limit) {
      Fail(fmt::format("{}.{} must be a whole number of [0, {}]", section_, key, limit), &node);
      return;
    }
    value = static_cast<T>(*number);
  }

  void Read(std::string_view key, const toml::node& node, bool& value) {
    const auto flag = node.value_exact<bool>();
    if (!flag) return Fail(fmt::format("{}.{} must be true or false", section_, key), &node);
    value = *flag;
  }

  void Read(std::string_view key, const toml::node& node, double& value) {
    const auto number = node.value<double>();
    if (!number) return Fail(fmt::format("{}.{} must be a number", section_, key), &node);
    value = *number;
  }

  void Read(std::string_view key, const toml::node& node, std::string& value) {
    const auto text = node.value_exact<std::string>();
    if (!text) return Fail(fmt::format("{}.{} must be a string", section_, key), &node);
    value = *text;
  }

  void Read(std::string_view key, const toml::node& node, std::vector<std::uint32_t>& values) {
    const toml::array* const array = node.as_array();
    if (array == nullptr) {
      return Fail(fmt::format("{}.{} must be whole numbers: [1, 2]", section_, key), &node);
    }
    values.assign(array->size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Read(fmt::format("{}[{}]", key, i), *array->get(i), values[i]);
    }
  }

  void RejectUnknownKeys() {
    if (const toml::table* table = CurrentTable(); table != nullptr) {
      RejectUnknown(*table, known_, "key");
    }
  }

  void RejectUnknown(const toml::table& table, const std::vector<std::string>& known,
                     std::string_view what) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      const auto dot = what == "key" ? section_ + "." : std::string();
      Fail(fmt::format("unknown {} {}{}", what, dot, key.str()), &node);
    }
  }

  const toml::table* source_ = nullptr;
  toml::table* sink_ = nullptr;
  std::string file_;
  std::string section_;
  std::vector<std::string> known_;
  std::vector<std::string> known_sections_;
  std::optional<std::string> error_;
};

bool IsFinitePrice(double usd) { return usd >= 0 && usd <= std::numeric_limits<float>::max(); }

void BindConnection(Binder& bind, EndpointConfig& endpoint) {
  bind.Value("api_key_env", endpoint.api_key_env);
  bind.Value("parallel", endpoint.parallel);
  bind.Require("parallel", endpoint.parallel >= 1 && endpoint.parallel <= 256, "in [1, 256]");
  bind.Value("request_timeout_s", endpoint.request_timeout_s);
  bind.Require("request_timeout_s", endpoint.request_timeout_s >= 1, "at least 1");
}

// What a remote endpoint has, and a managed one too.
void BindServed(Binder& bind, EndpointConfig& endpoint) {
  bind.Value("url", endpoint.url);
  bind.Require("url", endpoint.managed() || !endpoint.url.empty(), "given when mode is \"remote\"");
  bind.Value("model", endpoint.model);
  bind.Require("model", !endpoint.model.empty(), "a model's name");
  BindConnection(bind, endpoint);
}

void BindEndpoint(Binder& bind, std::string_view section, EndpointConfig& endpoint) {
  bind.Section(section);
  bind.Value("mode", endpoint.mode);
  bind.Require("mode", endpoint.mode == "managed" || endpoint.mode == "remote",
               "\"managed\" or \"remote\"");
  BindServed(bind, endpoint);
  bind.Value("threads", endpoint.threads);
}

void BindPrices(Binder& bind, EndpointConfig& endpoint) {
  bind.Value("usd_per_million_prompt_tokens", endpoint.usd_per_million_prompt_tokens);
  bind.Require("usd_per_million_prompt_tokens",
               IsFinitePrice(endpoint.usd_per_million_prompt_tokens), "at least 0");
  bind.Value("usd_per_million_completion_tokens", endpoint.usd_per_million_completion_tokens);
  bind.Require("usd_per_million_completion_tokens",
               IsFinitePrice(endpoint.usd_per_million_completion_tokens), "at least 0");
}

bool HasPrice(const EndpointConfig& endpoint) {
  return endpoint.usd_per_million_prompt_tokens > 0 ||
         endpoint.usd_per_million_completion_tokens > 0;
}

void BindLimits(Binder& bind, LlmLimitsConfig& limits) {
  bind.Value("daily_budget_tokens", limits.daily_budget_tokens);
  bind.Value("daily_budget_usd", limits.daily_budget_usd);
  bind.Require("daily_budget_usd", IsFinitePrice(limits.daily_budget_usd), "at least 0");
  bind.Value("max_call_tokens", limits.max_call_tokens);
  bind.Value("per_user_daily_tokens", limits.per_user_daily_tokens);
  bind.Value("call_deadline_s", limits.call_deadline_s);
  bind.Require("call_deadline_s", limits.call_deadline_s >= 1, "at least 1");
  bind.Value("refresh_deadline_s", limits.refresh_deadline_s);
}

// A budget in money that no call ever touches would be no budget.
void RequirePrices(Binder& bind, const Config& config) {
  const bool has_price = HasPrice(config.llm) || std::any_of(config.llm_fallback.begin(),
                                                             config.llm_fallback.end(), HasPrice);
  bind.RequireIn("llm", "daily_budget_usd", config.llm_limits.daily_budget_usd == 0 || has_price,
                 "0 unless usd_per_million_prompt_tokens or usd_per_million_completion_tokens of a "
                 "provider is given");
}

void BindLlm(Binder& bind, Config& config) {
  BindEndpoint(bind, "llm", config.llm);
  bind.Value("adapter", config.llm.adapter);
  BindPrices(bind, config.llm);
  BindLimits(bind, config.llm_limits);
  bind.Know("breaker");
  bind.Know("fallback");
  bind.Subsection("llm", "breaker");
  bind.Value("failures", config.llm_breaker.failures);
  bind.Require("failures", config.llm_breaker.failures >= 1, "at least 1");
  bind.Value("cool_down_s", config.llm_breaker.cool_down_s);
  bind.Require("cool_down_s", config.llm_breaker.cool_down_s >= 1, "at least 1");
  bind.Subsections("llm", "fallback", config.llm_fallback, [&bind](EndpointConfig& endpoint) {
    endpoint.mode = "remote";
    BindServed(bind, endpoint);
    BindPrices(bind, endpoint);
  });
  RequirePrices(bind, config);
}

// TwoHopStrategyName of each.
constexpr std::array<std::string_view, 6> kStrategies{"shared_edges",  "interest_gpt",
                                                      "hop_by_hop",    "full_two_hop",
                                                      "demand_search", "embedding_only"};

// DeliberationModeName of each.
constexpr std::array<std::string_view, 3> kModes{"single", "self_consistency", "debate"};

void BindDeliberation(Binder& bind, ReasoningConfig& reasoning) {
  const auto share = [](double value) { return value >= 0 && value <= 1; };
  bind.Value("mode", reasoning.mode);
  bind.Require("mode", std::find(kModes.begin(), kModes.end(), reasoning.mode) != kModes.end(),
               fmt::format("one of {}", fmt::join(kModes, ", ")));
  bind.Value("samples", reasoning.samples);
  bind.Require("samples", reasoning.samples >= 1 && reasoning.samples <= 32, "in [1, 32]");
  bind.Value("sample_temperature", reasoning.sample_temperature);
  bind.Require("sample_temperature",
               reasoning.sample_temperature >= 0 && reasoning.sample_temperature <= 2, "in [0, 2]");
  bind.Value("rounds", reasoning.rounds);
  bind.Require("rounds", reasoning.rounds <= 8, "at most 8");
  bind.Value("enough_agreement", reasoning.enough_agreement);
  bind.Require("enough_agreement", share(reasoning.enough_agreement), "in [0, 1]");
  bind.Value("trust", reasoning.trust);
  bind.Require("trust", share(reasoning.trust), "in [0, 1]");
  bind.Value("seed", reasoning.seed);
}

void RequireStrategy(Binder& bind, const std::string& strategy) {
  bind.Require("strategy",
               std::find(kStrategies.begin(), kStrategies.end(), strategy) != kStrategies.end(),
               fmt::format("one of {}", fmt::join(kStrategies, ", ")));
}

void BindAgent(Binder& bind, AgentConfig& agent) {
  bind.Value("name", agent.name);
  bind.Require("name", !agent.name.empty(), "given");
  bind.Value("strategy", agent.strategy);
  RequireStrategy(bind, agent.strategy);
  bind.Value("persona", agent.persona);
  bind.Value("temperature", agent.temperature);
  bind.Require("temperature", agent.temperature >= 0 && agent.temperature <= 2, "in [0, 2]");
  bind.Value("seed", agent.seed);
  bind.Value("weight", agent.weight);
  bind.Require("weight", agent.weight > 0 && agent.weight <= 1000, "in (0, 1000]");
  bind.Value("url", agent.endpoint.url);
  bind.Value("model", agent.endpoint.model);
  bind.Require("model", !agent.has_endpoint() || !agent.endpoint.model.empty(),
               "given where url is");
  bind.Require("url", agent.has_endpoint() || agent.endpoint.model.empty(), "given where model is");
  BindConnection(bind, agent.endpoint);
  BindPrices(bind, agent.endpoint);
}

void BindAgents(Binder& bind, ReasoningConfig& reasoning) {
  bind.Know("agent");
  bind.Subsections("reasoning", "agent", reasoning.agents,
                   [&](AgentConfig& agent) { BindAgent(bind, agent); });
}

void BindReasoning(Binder& bind, ReasoningConfig& reasoning) {
  bind.Section("reasoning");
  bind.Value("strategy", reasoning.strategy);
  RequireStrategy(bind, reasoning.strategy);
  BindDeliberation(bind, reasoning);
  bind.Value("max_interests", reasoning.max_interests);
  bind.Require("max_interests", reasoning.max_interests >= 1 && reasoning.max_interests <= 64,
               "in [1, 64]");
  bind.Value("max_per_level1", reasoning.max_per_level1);
  bind.Require("max_per_level1", reasoning.max_per_level1 >= 1, "at least 1");
  bind.Value("sensitive_similarity", reasoning.sensitive_similarity);
  bind.Require("sensitive_similarity",
               reasoning.sensitive_similarity >= 0 && reasoning.sensitive_similarity <= 1,
               "in [0, 1]");
  bind.Value("browsed_categories", reasoning.browsed_categories);
  bind.Require("browsed_categories", reasoning.browsed_categories <= 16, "at most 16");
  bind.Value("browsed_min_clicks", reasoning.browsed_min_clicks);
  bind.Require("browsed_min_clicks", reasoning.browsed_min_clicks >= 1, "at least 1");
  bind.Value("cohort_min_users", reasoning.cohort_min_users);
  bind.Value("edge_ttl_days", reasoning.edge_ttl_days);
  bind.Require("edge_ttl_days", reasoning.edge_ttl_days <= 36'500, "at most 36500");
  bind.Value("edge_k_anonymity", reasoning.edge_k_anonymity);
  bind.Require("edge_k_anonymity",
               reasoning.edge_k_anonymity >= 1 && reasoning.edge_k_anonymity <= 100, "in [1, 100]");
  bind.Value("edge_merge_cosine", reasoning.edge_merge_cosine);
  bind.Require("edge_merge_cosine",
               reasoning.edge_merge_cosine > 0 && reasoning.edge_merge_cosine <= 2, "in (0, 2]");
  BindAgents(bind, reasoning);
}

// ChannelName of each, and its share by default.
struct ChannelDefault {
  std::string_view name;
  double share;
};
constexpr std::array<ChannelDefault, 7> kChannels{{{"novelty", 1.0},
                                                   {"interest_text", 0.0},
                                                   {"u2i", 0.3},
                                                   {"similar", 0.2},
                                                   {"co_click", 0.0},
                                                   {"popular", 0.1},
                                                   {"fresh", 0.0}}};
constexpr std::uint32_t kMaxPlace = 500;  // RecallerOptions::max_k.

bool IsIn(double value, double low, double high) { return value >= low && value <= high; }

ChannelConfig* FindByName(std::vector<ChannelConfig>& channels, std::string_view name) {
  const auto found = std::ranges::find(channels, name, &ChannelConfig::name);
  return found == channels.end() ? nullptr : &*found;
}

// REQUIRES: there are any.
bool AreOnAPage(const std::vector<std::uint32_t>& places) {
  const bool ascend = std::ranges::adjacent_find(places, std::greater_equal<>()) == places.end();
  return ascend && places.front() >= 1 && places.back() <= kMaxPlace;
}

void BindPlaces(Binder& bind, ChannelConfig& channel) {
  bind.Value("max_items", channel.max_items);
  bind.Value("first_place", channel.first_place);
  bind.Require("first_place", channel.first_place >= 1 && channel.first_place <= kMaxPlace,
               fmt::format("in [1, {}]", kMaxPlace));
  bind.Value("places", channel.places);
  const auto& places = channel.places;
  bind.Require("places", places.empty() || AreOnAPage(places),
               fmt::format("ascending numbers of [1, {}], each once", kMaxPlace));
  bind.Require("places", places.empty() || (channel.max_items == 0 && channel.first_place == 1),
               "empty where max_items or first_place is given");
}

// What a table leaves out has the default of the channel that it names.
void BindChannel(Binder& bind, ChannelConfig& channel) {
  bind.Value("name", channel.name);
  if (bind.reads()) {
    std::vector<ChannelConfig> defaults = RecallConfig::DefaultChannels();
    const ChannelConfig* const known = FindByName(defaults, channel.name);
    std::vector<std::string_view> names;
    for (const ChannelDefault& one : kChannels) names.push_back(one.name);
    bind.Require("name", known != nullptr, fmt::format("one of {}", fmt::join(names, ", ")));
    if (known != nullptr) channel = *known;
  }
  bind.Value("share", channel.share);
  bind.Require("share", IsIn(channel.share, 0, 1e6), "in [0, 1e6]");
  BindPlaces(bind, channel);
  bind.Value("deadline_ms", channel.deadline_ms);
  bind.Require("deadline_ms", IsIn(channel.deadline_ms, 0, 60'000), "in [0, 60000]");
  bind.Value("seeds", channel.seeds);
  bind.Require("seeds", channel.seeds >= 1 && channel.seeds <= 200, "in [1, 200]");
}

// Tables may name some channels alone, in any order; the others keep their defaults.
void BindChannels(Binder& bind, std::vector<ChannelConfig>& channels) {
  bind.Know("channel");
  std::vector<ChannelConfig> tables;
  if (!bind.reads()) tables = channels;
  std::set<std::string> seen;
  std::set<std::uint32_t> taken;
  bind.Subsections("recall", "channel", tables, [&](ChannelConfig& channel) {
    BindChannel(bind, channel);
    bind.Require("name", seen.insert(channel.name).second, "another one: it has a table already");
    for (const std::uint32_t place : channel.places) {
      bind.Require("places", taken.insert(place).second,
                   fmt::format("places that no other channel has; {} is taken", place));
    }
  });
  for (const ChannelConfig& table : tables) {
    if (ChannelConfig* const channel = FindByName(channels, table.name)) *channel = table;
  }
}

// A rule that no single table breaks.
void RequireChannelsFit(Binder& bind, const RecallConfig& recall) {
  double of_novelty = 0;
  double of_others = 0;
  for (const ChannelConfig& channel : recall.channels) {
    const bool novelty = channel.name == "novelty" || channel.name == "interest_text";
    (novelty ? of_novelty : of_others) += channel.share;
  }
  const double dose = of_novelty > 0 ? recall.novelty_share : 0;
  bind.RequireIn("recall", "novelty_share",
                 (dose > 0 && of_novelty > 0) || (dose < 1 && of_others > 0),
                 "such that a channel has a share of the page");
}

void BindRecall(Binder& bind, RecallConfig& recall) {
  bind.Section("recall");
  bind.Value("novelty_share", recall.novelty_share);
  bind.Require("novelty_share", IsIn(recall.novelty_share, 0, 1), "in [0, 1]");
  bind.Value("diversity", recall.diversity);
  bind.Require("diversity", IsIn(recall.diversity, 0, 1), "in [0, 1]");
  bind.Value("deadline_ms", recall.deadline_ms);
  bind.Require("deadline_ms", IsIn(recall.deadline_ms, 0, 60'000), "in [0, 60000]");
  bind.Value("max_interests", recall.max_interests);
  bind.Require("max_interests", recall.max_interests >= 1 && recall.max_interests <= 64,
               "in [1, 64]");
  bind.Value("max_interest_age_days", recall.max_interest_age_days);
  bind.Require("max_interest_age_days",
               recall.max_interest_age_days >= 1 && recall.max_interest_age_days <= 36'500,
               "in [1, 36500]");
  bind.Value("exposure_pause_hours", recall.exposure_pause_hours);
  bind.Require("exposure_pause_hours", recall.exposure_pause_hours <= 720, "at most 720");
  bind.Value("max_exposures", recall.max_exposures);
  BindChannels(bind, recall.channels);
  RequireChannelsFit(bind, recall);
}

void RequireOneOf(Binder& bind, std::string_view key, const std::string& value,
                  std::initializer_list<std::string_view> choices) {
  bind.Require(key, std::find(choices.begin(), choices.end(), value) != choices.end(),
               fmt::format("one of {}", fmt::join(choices, ", ")));
}

// The trainer says what else is out of range.
void BindTrain(Binder& bind, TrainConfig& train) {
  bind.Section("train");
  bind.Value("epochs", train.epochs);
  bind.Require("epochs", train.epochs >= 1, "at least 1");
  bind.Value("seed", train.seed);
  bind.Value("validation_share", train.validation_share);
  bind.Require("validation_share", train.validation_share >= 0 && train.validation_share <= 0.5,
               "in [0, 0.5]");
  bind.Value("patience", train.patience);
  bind.Value("batch_size", train.batch_size);
  bind.Value("dim", train.dim);
  bind.Value("history_window", train.history_window);
  bind.Value("history_heads", train.history_heads);
  bind.Value("item_id", train.item_id);
  bind.Value("negatives", train.negatives);
  bind.Value("hard_negatives", train.hard_negatives);
  bind.Value("learning_rate", train.learning_rate);
  bind.Value("table_learning_rate", train.table_learning_rate);
  bind.Value("table_optimizer", train.table_optimizer);
  RequireOneOf(bind, "table_optimizer", train.table_optimizer, {"adagrad", "adam"});
  bind.Value("temperature", train.temperature);
  bind.Value("click_weight", train.click_weight);
  bind.Value("interest_weight", train.interest_weight);
  bind.Value("softmax_weight", train.softmax_weight);
  bind.Value("softmax_negatives", train.softmax_negatives);
  bind.Value("log_q", train.log_q);
  RequireOneOf(bind, "log_q", train.log_q, {"counts", "streaming", "none"});
  bind.Value("condition", train.condition);
  RequireOneOf(bind, "condition", train.condition, {"own_category", "random"});
  bind.Value("unconditioned_share", train.unconditioned_share);
  bind.Value("feature_dropout", train.feature_dropout);
  bind.Value("history_dropout", train.history_dropout);
  bind.Value("dropout", train.dropout);
}

void Bind(Binder& bind, Config& config) {
  BindLlm(bind, config);
  BindEndpoint(bind, "embedding", config.embedding);
  BindReasoning(bind, config.reasoning);
  BindTrain(bind, config.train);
  BindRecall(bind, config.recall);
  bind.Section("serve");
  bind.Value("host", config.serve.host);
  bind.Value("port", config.serve.port);
  bind.Value("threads", config.serve.threads);
}

}  // namespace

std::vector<ChannelConfig> RecallConfig::DefaultChannels() {
  std::vector<ChannelConfig> channels;
  for (const ChannelDefault& channel : kChannels) {
    channels.push_back({.name = std::string(channel.name), .share = channel.share, .places = {}});
  }
  return channels;
}

Result<Config> ParseConfig(std::string_view toml, std::string_view file_name) {
  toml::table table;
  try {
    table = toml::parse(toml, file_name);
  } catch (const toml::parse_error& error) {
    return InvalidArgument(
        fmt::format("{}:{}: {}", file_name, error.source().begin.line, error.description()));
  }
  Config config;
  Binder binder(table, file_name);
  Bind(binder, config);
  TWOHOP_RETURN_IF_ERROR(binder.Finish());
  return config;
}

Result<Config> LoadConfig(const std::filesystem::path& file) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  return ParseConfig(text, file.string());
}

std::string ConfigToToml(const Config& config) {
  Config copy = config;
  toml::table table;
  Binder binder(table);
  Bind(binder, copy);
  std::ostringstream out;
  out << toml::toml_formatter(table) << "\n";
  return out.str();
}

}  // namespace twohop::app
