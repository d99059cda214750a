// Rows as the files that fine-tuning frameworks read.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twohop/distill/preference_pairs.h"
#include "twohop/distill/training_rows.h"

namespace twohop {

// Which of the files there are; what would be empty is not written.
struct ExportShape {
  bool has_validation = false;
  bool has_examples = false;     // HasExamples of the rows on either side.
  bool has_preferences = false;  // Some preference pairs.
  std::uint64_t seed = 1;        // Of training.
};

// Each row on a line of its own: {"messages": [{"role": "system", "content": "..."}, ...]}, the
// form of the OpenAI API, which TRL, LLaMA-Factory and most others read.
std::string ToChatJsonl(std::span<const TrainingRow> rows);

// {"prompt": [messages], "completion": [the reply]}: TRL's conversational prompt-completion form,
// for which it learns the reply alone, whatever the model's chat template.
std::string ToCompletionJsonl(std::span<const TrainingRow> rows);

// {"conversations": [{"from": "system|human|gpt", "value": "..."}]}
std::string ToShareGptJsonl(std::span<const TrainingRow> rows);

// One JSON list of {"instruction", "input", "output", "system"}, and in every row "history", the
// example turns in front of its question, if shape.has_examples. `input` is empty: the question is
// one text.
std::string ToAlpacaJson(std::span<const TrainingRow> rows, const ExportShape& shape);

// True if a prompt shows examples: further turns between the system's and the user's message.
bool HasExamples(std::span<const TrainingRow> rows);

// {"prompt": [messages], "chosen": [message], "rejected": [message]}: TRL's conversational
// preference form with explicit prompts, as DPOTrainer reads it.
std::string ToPreferenceJsonl(std::span<const PreferencePair> pairs);

// A text and the name of its file, relative to the folder of the export.
struct ExportFile {
  std::string name;
  std::string content;
};

// All data files of the export, in the order of their names in docs/formats.md:
// {train,validation}.{chat.jsonl,sharegpt.jsonl,alpaca.json}, completion/{train,validation}.jsonl
// and preferences.jsonl.
std::vector<ExportFile> MakeDataFiles(std::span<const TrainingRow> training,
                                      std::span<const TrainingRow> validation,
                                      std::span<const PreferencePair> pairs,
                                      const ExportShape& shape);

// What the frameworks need to read those: LLaMA-Factory's dataset_info.json and
// llamafactory_lora_sft.yaml, and trl_sft.yaml and trl_dpo.yaml for TRL's command line. Paths in
// them are relative: the frameworks are started in the folder of the export.
std::vector<ExportFile> MakeConfigFiles(const ExportShape& shape);

// The names of all files that any export may have.
std::vector<std::string> AllExportFileNames();

}  // namespace twohop
