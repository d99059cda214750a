#include "twohop/distill/export_formats.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"

namespace twohop {
namespace {

using OrderedJson = nlohmann::ordered_json;  // A reader expects a role in front of its text.
using Messages = std::span<const ChatMessage>;

std::string Dump(const OrderedJson& json, int indent = -1) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false, OrderedJson::error_handler_t::replace);
}

OrderedJson ToJson(Messages messages) {
  OrderedJson list = OrderedJson::array();
  for (const ChatMessage& message : messages) {
    list.push_back({{"role", ChatRoleName(message.role)}, {"content", message.content}});
  }
  return list;
}

OrderedJson ReplyJson(const std::string& text) {
  const ChatMessage reply{.role = ChatRole::kAssistant, .content = text};
  return ToJson({&reply, 1});
}

std::string_view ShareGptName(ChatRole role) {
  switch (role) {
    case ChatRole::kSystem:
      return "system";
    case ChatRole::kUser:
      return "human";
    case ChatRole::kAssistant:
      return "gpt";
  }
  return "human";
}

OrderedJson ToShareGpt(Messages messages) {
  OrderedJson list = OrderedJson::array();
  for (const ChatMessage& message : messages) {
    list.push_back({{"from", ShareGptName(message.role)}, {"value", message.content}});
  }
  return list;
}

Messages PromptOf(const TrainingRow& row) {
  return Messages(row.messages).first(row.messages.size() - 1);
}

// The turns between the system's message and the question: a user's and an assistant's, in pairs.
Messages ExamplesOf(const TrainingRow& row) {
  return Messages(row.messages).subspan(1, row.messages.size() - 3);
}

OrderedJson ToHistory(Messages examples) {
  OrderedJson history = OrderedJson::array();
  for (std::size_t i = 0; i + 1 < examples.size(); i += 2) {
    history.push_back({examples[i].content, examples[i + 1].content});
  }
  return history;
}

OrderedJson ToAlpaca(const TrainingRow& row) {
  return {{"instruction", row.question()},
          {"input", ""},
          {"output", row.reply()},
          {"system", row.messages.front().content}};
}

template <typename Rows, typename ToRow>
std::string ToJsonl(const Rows& rows, ToRow to_row) {
  std::string lines;
  for (const auto& row : rows) lines += Dump(to_row(row)) + "\n";
  return lines;
}

OrderedJson ShareGptEntry(std::string_view file) {
  return {{"file_name", file},
          {"formatting", "sharegpt"},
          {"columns", {{"messages", "conversations"}}},
          {"tags",
           {{"role_tag", "from"},
            {"content_tag", "value"},
            {"user_tag", "human"},
            {"assistant_tag", "gpt"},
            {"system_tag", "system"}}}};
}

OrderedJson AlpacaEntry(std::string_view file, const ExportShape& shape) {
  OrderedJson columns = {
      {"prompt", "instruction"}, {"query", "input"}, {"response", "output"}, {"system", "system"}};
  if (shape.has_examples) columns["history"] = "history";
  return {{"file_name", file}, {"formatting", "alpaca"}, {"columns", std::move(columns)}};
}

OrderedJson ChatEntry(std::string_view file) {
  return {{"file_name", file},
          {"formatting", "sharegpt"},
          {"columns", {{"messages", "messages"}}},
          {"tags",
           {{"role_tag", "role"},
            {"content_tag", "content"},
            {"user_tag", "user"},
            {"assistant_tag", "assistant"},
            {"system_tag", "system"}}}};
}

std::string DatasetInfo(const ExportShape& shape) {
  OrderedJson info;
  std::vector<std::string_view> sides{"train"};
  if (shape.has_validation) sides.emplace_back("validation");
  for (const std::string_view side : sides) {
    const auto name = [&](std::string_view form) {
      return fmt::format("twohop_{}_{}", side, form);
    };
    info[name("sharegpt")] = ShareGptEntry(fmt::format("{}.sharegpt.jsonl", side));
    info[name("alpaca")] = AlpacaEntry(fmt::format("{}.alpaca.json", side), shape);
    info[name("chat")] = ChatEntry(fmt::format("{}.chat.jsonl", side));
  }
  return Dump(info, /*indent=*/2) + "\n";
}

// Of both frameworks. SmolLM2's chat template is ChatML.
constexpr std::string_view kBaseModel = "HuggingFaceTB/SmolLM2-135M-Instruct";

std::string LlamaFactorySft(const ExportShape& shape) {
  std::string yaml = fmt::format(
      "# cd into this folder, then: llamafactory-cli train llamafactory_lora_sft.yaml\n"
      "\n"
      "### model\n"
      "model_name_or_path: {}\n"
      "\n"
      "### method\n"
      "stage: sft\n"
      "do_train: true\n"
      "finetuning_type: lora\n"
      "lora_rank: 16\n"
      "lora_alpha: 32\n"
      "lora_target: all\n"
      "\n"
      "### dataset\n"
      "dataset_dir: .\n"
      "dataset: twohop_train_sharegpt\n"
      "template: chatml\n"
      "cutoff_len: 1024\n",
      kBaseModel);
  if (shape.has_examples) yaml += "mask_history: true  # Examples in a prompt are not learnt.\n";
  yaml += fmt::format(
      "\n"
      "### output\n"
      "output_dir: llamafactory_sft\n"
      "logging_steps: 10\n"
      "save_strategy: epoch\n"
      "report_to: none\n"
      "\n"
      "### train\n"
      "per_device_train_batch_size: 16\n"
      "learning_rate: 5.0e-4\n"
      "num_train_epochs: 2.0\n"
      "lr_scheduler_type: cosine\n"
      "seed: {}\n",
      shape.seed);
  if (shape.has_validation) {
    yaml +=
        "\n"
        "### eval\n"
        "eval_dataset: twohop_validation_sharegpt\n"
        "per_device_eval_batch_size: 16\n"
        "eval_strategy: epoch\n";
  }
  return yaml;
}

std::string TrlSft(const ExportShape& shape) {
  std::string yaml = fmt::format(
      "# cd into this folder, then: trl sft --config trl_sft.yaml\n"
      "# Rows are pairs of prompt and completion, of which TRL learns the completion alone.\n"
      "\n"
      "model_name_or_path: {}\n"
      "dataset_name: ./completion\n"
      "use_peft: true\n"
      "lora_r: 16\n"
      "lora_alpha: 32\n"
      "lora_target_modules: all-linear\n"
      "max_length: 1024\n"
      "per_device_train_batch_size: 16\n"
      "learning_rate: 5.0e-4\n"
      "num_train_epochs: 2\n"
      "lr_scheduler_type: cosine\n"
      "logging_steps: 10\n"
      "save_strategy: epoch\n"
      "report_to: none\n"
      "seed: {}\n"
      "output_dir: trl_sft\n",
      kBaseModel, shape.seed);
  if (shape.has_validation) {
    yaml +=
        "dataset_test_split: validation\n"
        "eval_strategy: epoch\n"
        "per_device_eval_batch_size: 16\n";
  }
  return yaml;
}

std::string TrlDpo(const ExportShape& shape) {
  return fmt::format(
      "# cd into this folder, then: trl dpo --config trl_dpo.yaml\n"
      "# Start from the model that trl_sft.yaml made, with its adapter merged.\n"
      "# ipo averages over the tokens of a reply, so that lists of different lengths compare, and\n"
      "# does not push pairs apart without bound as sigmoid does where they are certain.\n"
      "\n"
      "model_name_or_path: {}\n"
      "datasets:\n"
      "  - path: json\n"
      "    data_files: preferences.jsonl\n"
      "    split: train\n"
      "loss_type:\n"
      "  - ipo\n"
      "beta: 0.1\n"
      "use_peft: true\n"
      "lora_r: 16\n"
      "lora_alpha: 32\n"
      "lora_target_modules: all-linear\n"
      "max_length: 1024\n"
      "per_device_train_batch_size: 8\n"
      "learning_rate: 5.0e-6\n"
      "num_train_epochs: 1\n"
      "logging_steps: 10\n"
      "save_strategy: epoch\n"
      "report_to: none\n"
      "seed: {}\n"
      "output_dir: trl_dpo\n",
      kBaseModel, shape.seed);
}

void AddSide(std::string_view side, std::span<const TrainingRow> rows, const ExportShape& shape,
             std::vector<ExportFile>& files) {
  if (rows.empty()) return;
  files.push_back({fmt::format("{}.chat.jsonl", side), ToChatJsonl(rows)});
  files.push_back({fmt::format("{}.sharegpt.jsonl", side), ToShareGptJsonl(rows)});
  files.push_back({fmt::format("{}.alpaca.json", side), ToAlpacaJson(rows, shape)});
  files.push_back({fmt::format("completion/{}.jsonl", side), ToCompletionJsonl(rows)});
}

}  // namespace

std::string ToChatJsonl(std::span<const TrainingRow> rows) {
  return ToJsonl(rows, [](const TrainingRow& row) {
    return OrderedJson{{"messages", ToJson(row.messages)}};
  });
}

std::string ToCompletionJsonl(std::span<const TrainingRow> rows) {
  return ToJsonl(rows, [](const TrainingRow& row) {
    return OrderedJson{{"prompt", ToJson(PromptOf(row))}, {"completion", ReplyJson(row.reply())}};
  });
}

std::string ToShareGptJsonl(std::span<const TrainingRow> rows) {
  return ToJsonl(rows, [](const TrainingRow& row) {
    return OrderedJson{{"conversations", ToShareGpt(row.messages)}};
  });
}

std::string ToAlpacaJson(std::span<const TrainingRow> rows, const ExportShape& shape) {
  OrderedJson list = OrderedJson::array();
  for (const TrainingRow& row : rows) {
    OrderedJson one = ToAlpaca(row);
    if (shape.has_examples) one["history"] = ToHistory(ExamplesOf(row));
    list.push_back(std::move(one));
  }
  return Dump(list, /*indent=*/1) + "\n";
}

bool HasExamples(std::span<const TrainingRow> rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const TrainingRow& row) { return !ExamplesOf(row).empty(); });
}

std::string ToPreferenceJsonl(std::span<const PreferencePair> pairs) {
  return ToJsonl(pairs, [](const PreferencePair& pair) {
    return OrderedJson{{"prompt", ToJson(pair.prompt)},
                       {"chosen", ReplyJson(pair.chosen)},
                       {"rejected", ReplyJson(pair.rejected)}};
  });
}

std::vector<ExportFile> MakeDataFiles(std::span<const TrainingRow> training,
                                      std::span<const TrainingRow> validation,
                                      std::span<const PreferencePair> pairs,
                                      const ExportShape& shape) {
  std::vector<ExportFile> files;
  AddSide("train", training, shape, files);
  AddSide("validation", validation, shape, files);
  if (!pairs.empty()) files.push_back({"preferences.jsonl", ToPreferenceJsonl(pairs)});
  return files;
}

std::vector<ExportFile> MakeConfigFiles(const ExportShape& shape) {
  std::vector<ExportFile> files{{"dataset_info.json", DatasetInfo(shape)},
                                {"llamafactory_lora_sft.yaml", LlamaFactorySft(shape)},
                                {"trl_sft.yaml", TrlSft(shape)}};
  if (shape.has_preferences) files.push_back({"trl_dpo.yaml", TrlDpo(shape)});
  return files;
}

std::vector<std::string> AllExportFileNames() {
  std::vector<std::string> names;
  for (const std::string_view side : {"train", "validation"}) {
    for (const std::string_view form : {"chat.jsonl", "sharegpt.jsonl", "alpaca.json"}) {
      names.push_back(fmt::format("{}.{}", side, form));
    }
    names.push_back(fmt::format("completion/{}.jsonl", side));
  }
  for (const char* name : {"preferences.jsonl", "dataset_info.json", "llamafactory_lora_sft.yaml",
                           "trl_sft.yaml", "trl_dpo.yaml", "data_card.md"}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace twohop
